import { hex, type Lch } from './colour.js';
import { type Reading } from './lexicon.js';
import { type Palette } from './palette.js';
import { type Dice } from './seeded.js';

/** A rectangle of the world that a picture shows. The unshifted frame is 1000 units high, from (0, 0). */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Something that paints a scene needs to know. The world goes on beyond the frame: zoom and pan only look further. */
export interface Stage {
  readonly paper: Paper;
  readonly dice: Dice;
  readonly palette: Palette;
  readonly reading: Reading;
  /** Width of the unshifted frame in units; its height is 1000. */
  readonly frame: number;
  readonly window: Window;
}

const round = (value: number): string => String(Math.round(value * 10) / 10);

/** Collects the SVG of one picture. */
export class Paper {
  private readonly definitions: string[] = [];
  private readonly shapes: string[] = [];

  constructor(readonly window: Window) {}

  /** A gradient along y in world units; answers what to fill with. */
  vertical(top: number, bottom: number, stops: readonly (readonly [number, Lch, number?])[]): string {
    return this.define('linearGradient', `x1="0" x2="0" y1="${round(top)}" y2="${round(bottom)}"`, stops);
  }

  /** A gradient from one world point to another. */
  slanted(
    from: readonly [number, number],
    to: readonly [number, number],
    stops: readonly (readonly [number, Lch, number?])[],
  ): string {
    return this.define(
      'linearGradient',
      `x1="${round(from[0])}" y1="${round(from[1])}" x2="${round(to[0])}" y2="${round(to[1])}"`,
      stops,
    );
  }

  /** A gradient around a point. */
  radial(x: number, y: number, radius: number, stops: readonly (readonly [number, Lch, number?])[]): string {
    return this.define('radialGradient', `cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"`, stops);
  }

  private define(kind: string, where: string, stops: readonly (readonly [number, Lch, number?])[]): string {
    const id = `g${this.definitions.length}`;
    const body = stops.map(
      ([offset, colour, opacity = 1]) =>
        `<stop offset="${offset}" stop-color="${hex(colour)}" stop-opacity="${round(opacity * 100)}%"/>`,
    );
    this.definitions.push(`<${kind} id="${id}" gradientUnits="userSpaceOnUse" ${where}>${body.join('')}</${kind}>`);
    return `url(#${id})`;
  }

  /** Fills the whole visible window. */
  wash(fill: string, opacity = 1): void {
    const { x, y, w, h } = this.window;
    this.rectangle(x - 5, y - 5, w + 10, h + 10, fill, opacity);
  }

  rectangle(x: number, y: number, w: number, h: number, fill: string, opacity = 1, corner = 0): void {
    this.shapes.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" fill="${fill}"${attribute('opacity', opacity, 1)}${attribute('rx', corner, 0)}/>`,
    );
  }

  disc(x: number, y: number, radius: number, fill: string, opacity = 1): void {
    this.oval(x, y, radius, radius, fill, opacity);
  }

  oval(x: number, y: number, rx: number, ry: number, fill: string, opacity = 1, turn = 0): void {
    const turned = turn === 0 ? '' : ` transform="rotate(${round(turn)} ${round(x)} ${round(y)})"`;
    this.shapes.push(
      `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(rx)}" ry="${round(ry)}" fill="${fill}"${attribute('opacity', opacity, 1)}${turned}/>`,
    );
  }

  shape(path: string, fill: string, opacity = 1): void {
    this.shapes.push(`<path d="${path}" fill="${fill}"${attribute('opacity', opacity, 1)}/>`);
  }

  stroke(path: string, colour: string, width: number, opacity = 1): void {
    this.shapes.push(
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${round(width)}" stroke-linecap="round" stroke-linejoin="round"${attribute('opacity', opacity, 1)}/>`,
    );
  }

  /** Draws with a transform: moved to (x, y), scaled, mirrored when `flip`. */
  placed(x: number, y: number, scale: number, flip: boolean, draw: () => void): void {
    const factor = Math.round(scale * 1000) / 1000;
    this.shapes.push(`<g transform="translate(${round(x)} ${round(y)}) scale(${flip ? -factor : factor} ${factor})">`);
    draw();
    this.shapes.push('</g>');
  }

  /** The finished document, `width` × `height` pixels. */
  svg(width: number, height: number): string {
    const { x, y, w, h } = this.window;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${round(x)} ${round(y)} ${round(w)} ${round(h)}" preserveAspectRatio="none"><defs>${this.definitions.join('')}</defs>${this.shapes.join('')}</svg>`;
  }
}

const attribute = (name: string, value: number, normal: number): string =>
  value === normal ? '' : ` ${name}="${Math.round(value * 1000) / 1000}"`;

/** A closed outline under a height line, from the left edge of the window to the right one, down to `bottom`. */
export function under(window: Window, bottom: number, height: (x: number) => number, step = 6): string {
  const points: string[] = [];
  const left = window.x - 20;
  const right = window.x + window.w + 20;
  for (let x = left; x <= right; x += step) points.push(`${round(x)},${round(height(x))}`);
  return `M${round(left)},${round(bottom)}L${points.join(' ')}L${round(right)},${round(bottom)}Z`;
}

/** The numbers of the cells of a given width that the window touches, with one more on each side. */
export function cells(window: Window, width: number): number[] {
  const first = Math.floor(window.x / width) - 1;
  const last = Math.ceil((window.x + window.w) / width) + 1;
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
