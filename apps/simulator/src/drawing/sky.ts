import { hex, lighter, mix } from './colour.js';
import { cells, type Stage } from './stage.js';

/** Where the sun or moon stands, in world units. */
export interface Sun {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Paints sky, stars, sun or moon and clouds down to the horizon, and tells where the light comes from. */
export function paintSky(stage: Stage, horizon: number): Sun {
  const { paper, dice, palette, frame, window } = stage;
  paper.wash(
    paper.vertical(-150, horizon + 40, [
      [0, palette.skyTop],
      [0.52, palette.skyMid],
      [0.96, palette.skyLow],
      [1, palette.skyLow],
    ]),
  );
  const sun: Sun = {
    x: frame * dice.between('sun-x', 0.16, 0.84),
    y: horizon * dice.between('sun-y', 0.24, palette.dark ? 0.72 : 0.82),
    radius: dice.between('sun-size', 44, 108),
  };
  if (palette.dark) paintStars(stage, horizon);
  const reach = sun.radius * dice.between('halo', 5, 8);
  paper.disc(
    sun.x,
    sun.y,
    reach,
    paper.radial(sun.x, sun.y, reach, [
      [0, palette.glow, 0.75],
      [0.25, palette.glow, 0.32],
      [1, palette.glow, 0],
    ]),
  );
  paintDisc(stage, sun);
  paintClouds(stage, horizon, window);
  return sun;
}

function paintDisc({ paper, palette, dice }: Stage, sun: Sun): void {
  const low = mix(palette.glow, palette.accent, palette.dark ? 0.12 : 0.28);
  paper.disc(
    sun.x,
    sun.y,
    sun.radius,
    paper.vertical(sun.y - sun.radius, sun.y + sun.radius, [
      [0, palette.glow],
      [1, low],
    ]),
  );
  if (!palette.dark || !dice.chance('craters', 0.6)) return;
  for (const crater of [0, 1, 2, 3]) {
    const own = dice.at('crater', crater);
    const away = sun.radius * own.between('away', 0.1, 0.65);
    const turn = own.between('turn', 0, 6.283);
    const size = sun.radius * own.between('size', 0.08, 0.22);
    paper.disc(sun.x + Math.cos(turn) * away, sun.y + Math.sin(turn) * away, size, hex(palette.skyLow), 0.22);
  }
}

/** Stars by cells, so that a wider window shows more of the same sky. */
export function paintStars({ paper, dice, palette, window }: Stage, horizon: number, density = 1): void {
  const size = 62;
  const top = Math.floor(window.y / size) - 1;
  const bottom = Math.ceil(Math.min(horizon, window.y + window.h) / size);
  for (const column of cells(window, size)) {
    for (let row = top; row < bottom; row += 1) {
      const own = dice.at('star', column * 4099 + row);
      const fade = Math.min(1, Math.max(0, 1 - (row * size) / horizon));
      if (!own.chance('there', 0.72 * density * (0.35 + fade))) continue;
      const bright = own.roll('bright') ** 3;
      paper.disc(
        (column + own.roll('x')) * size,
        (row + own.roll('y')) * size,
        0.8 + bright * 2.6,
        hex(mix(palette.glow, palette.second, own.roll('tint') * 0.35)),
        0.35 + 0.6 * bright * (0.4 + 0.6 * fade),
      );
    }
  }
}

function paintClouds({ paper, dice, palette, reading }: Stage, horizon: number, window: Stage['window']): void {
  const amount = reading.rain ? 0.95 : dice.between('cloudiness', 0.2, 0.8);
  const size = 430;
  const colour = palette.dark ? mix(palette.skyMid, palette.glow, 0.18) : lighter(palette.skyLow, 0.03);
  const shade = mix(colour, palette.skyMid, 0.75);
  for (const row of [-2, -1, 0, 1, 2, 3]) {
    for (const column of cells(window, size)) {
      const own = dice.at('cloud', column * 31 + row);
      if (!own.chance('there', amount * 0.55)) continue;
      const y = horizon * (0.1 + 0.2 * row + own.between('y', -0.06, 0.06));
      if (y > horizon * 0.86) continue;
      const length = own.between('length', 130, 330) * (1 - row * 0.08);
      const x = (column + own.roll('x')) * size;
      const thick = own.between('thick', 9, 20) * (1.25 - (y / horizon) * 0.7);
      for (let puff = 0; puff < 7; puff += 1) {
        const part = own.at('puff', puff);
        const away = part.between('x', -1, 1);
        const rise = (1 - away * away) * thick * part.between('rise', 0.2, 1.5);
        const width = length * part.between('width', 0.16, 0.34);
        const fill = paper.vertical(y - rise - thick, y + thick, [
          [0, colour, 0.62],
          [1, shade, 0],
        ]);
        paper.oval(x + away * length * 0.6, y - rise * 0.6, width, thick + rise * 0.7, fill);
      }
    }
  }
}
