/** A colour in OKLCH: lightness 0..1, chroma 0..~0.3, hue in degrees. Mixing in it keeps gradients clean. */
export interface Lch {
  readonly l: number;
  readonly c: number;
  readonly h: number;
}

export const lch = (l: number, c: number, h: number): Lch => ({ l, c, h });

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The `#rrggbb` nearest to a colour (Björn Ottosson's OKLab matrices); what sRGB cannot show is clipped. */
export function hex(colour: Lch): string {
  const a = colour.c * Math.cos((colour.h * Math.PI) / 180);
  const b = colour.c * Math.sin((colour.h * Math.PI) / 180);
  const long = (colour.l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (colour.l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (colour.l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  return `#${linear.map((channel) => encode(channel).toString(16).padStart(2, '0')).join('')}`;
}

function encode(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.max(linear, 0) ** (1 / 2.4) - 0.055;
  return Math.round(clamp(value, 0, 1) * 255);
}

/** The OKLCH colour of an sRGB triple of 0..255. */
export function fromRgb(red: number, green: number, blue: number): Lch {
  const [r, g, b] = [red, green, blue].map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const light = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short;
  const x = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short;
  const y = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short;
  return lch(light, Math.hypot(x, y), ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360);
}

/** Mixes along straight lines of OKLab, so that opposite hues meet in grey and not in a rainbow. */
export function mix(from: Lch, to: Lch, part: number): Lch {
  const angle = Math.PI / 180;
  const x = from.c * Math.cos(from.h * angle) * (1 - part) + to.c * Math.cos(to.h * angle) * part;
  const y = from.c * Math.sin(from.h * angle) * (1 - part) + to.c * Math.sin(to.h * angle) * part;
  return lch(from.l * (1 - part) + to.l * part, Math.hypot(x, y), (Math.atan2(y, x) / angle + 360) % 360);
}

export const lighter = (colour: Lch, by: number): Lch => ({ ...colour, l: clamp(colour.l + by, 0.03, 0.99) });

/** The signed way from one hue to another, -180..180 degrees. */
export const hueGap = (from: number, to: number): number => ((to - from + 540) % 360) - 180;
