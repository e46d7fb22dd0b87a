import { hex, lch, lighter, mix } from './colour.js';
import { paintSky, type Sun } from './sky.js';
import { cells, type Stage, under } from './stage.js';

/** Paints a sea under its sky: islands, the sun's road on the water, waves that grow towards the eye. */
export function paintSea(stage: Stage): (x: number) => number {
  const { paper, dice, palette, reading, window } = stage;
  const horizon = dice.between('horizon', 430, 590);
  const sun = paintSky(stage, horizon);
  if (dice.chance('islands', 0.7)) paintIslands(stage, horizon);
  const bottom = Math.max(window.y + window.h, 1000) + 30;
  // Water mirrors its sky; a bright sky lets its own blue through.
  const blue = reading.hues.length > 0 || palette.dark ? 0 : 0.55;
  const deep = mix(mix(palette.near, palette.skyTop, 0.45), lch(0.38, 0.1, 245), blue);
  const shallow = mix(mix(palette.skyMid, palette.skyLow, 0.35), lch(0.72, 0.09, 220), blue);
  paper.rectangle(
    window.x - 5,
    horizon,
    window.w + 10,
    bottom - horizon,
    paper.vertical(horizon, 1000, [
      [0, mix(shallow, palette.skyMid, 0.3)],
      [0.3, mix(shallow, deep, 0.42)],
      [1, deep],
    ]),
  );
  paintRoad(stage, sun, horizon);
  paintRipples(stage, horizon, mix(shallow, palette.glow, 0.4));
  // At least the four waves of the frame, more where the window looks further down.
  for (let wave = 0, base = 790; wave < 4 || base < window.y + window.h + 40; wave += 1, base = 790 + wave * 62) {
    const line = dice.curve(`wave-${wave}`, 3, 0.4);
    const colour = mix(mix(shallow, deep, 0.55), lighter(deep, -0.05), Math.min(1, wave / 3));
    const height = (x: number): number =>
      base + line((x + wave * 377) / (230 + wave * 40)) * (24 + Math.min(wave, 5) * 9);
    paper.shape(
      under(window, bottom, height),
      paper.vertical(base - 40, base + 150, [
        [0, mix(colour, palette.glow, 0.26)],
        [0.2, colour],
        [1, lighter(colour, -0.07)],
      ]),
      0.88,
    );
    paper.shape(crest(window, height, 3.2 + wave), hex(lighter(palette.glow, 0.02)), 0.4);
  }
  return () => 800;
}

/** A thin band along a wave's top, thick where the wave rises. */
function crest(window: Stage['window'], height: (x: number) => number, thick: number): string {
  const upper: string[] = [];
  const lower: string[] = [];
  for (let x = window.x - 20; x <= window.x + window.w + 20; x += 7) {
    const rise = Math.max(0, Math.sin(x / 63) + Math.sin(x / 29) * 0.6);
    upper.push(`${x.toFixed(1)},${height(x).toFixed(1)}`);
    lower.unshift(`${x.toFixed(1)},${(height(x) + thick * rise).toFixed(1)}`);
  }
  return `M${upper.join(' ')}L${lower.join(' ')}Z`;
}

function paintRoad({ paper, dice, palette }: Stage, sun: Sun, horizon: number): void {
  for (let glint = 0; glint < 120; glint += 1) {
    const own = dice.at('glint', glint);
    const part = own.roll('down') ** 1.4;
    const spread = 24 + part * 190;
    const x = sun.x + (own.roll('x') + own.roll('x2') - 1) * spread;
    paper.oval(
      x,
      horizon + 6 + part * 420,
      own.between('w', 8, 36) * (0.4 + part),
      1 + part * 3.4,
      hex(palette.glow),
      0.25 + 0.5 * own.roll('bright'),
    );
  }
}

function paintRipples({ paper, dice, window }: Stage, horizon: number, colour: Parameters<typeof hex>[0]): void {
  for (let row = 0; row < 16; row += 1) {
    const part = row / 16;
    const step = 70 + part * 150;
    for (const cell of cells(window, step)) {
      const own = dice.at(`ripple-${row}`, cell);
      if (!own.chance('there', 0.55)) continue;
      const y = horizon + 10 + part ** 1.5 * 400 + own.between('y', -6, 6);
      paper.oval(
        (cell + own.roll('x')) * step,
        y,
        own.between('w', 14, 44) * (0.5 + part),
        0.9 + part * 1.8,
        hex(colour),
        0.3,
      );
    }
  }
}

function paintIslands({ paper, dice, palette, window }: Stage, horizon: number): void {
  const line = dice.curve('islands', 5, 0.5);
  for (const far of [0, 1]) {
    const colour = mix(palette.far, palette.near, far * 0.35);
    const height = (x: number): number =>
      horizon + 22 - Math.max(0, line((x + far * 4000) / 520) + 0.02) * (170 - far * 40);
    paper.shape(under(window, horizon + 24, height, 5), hex(mix(colour, palette.skyLow, 0.3 - far * 0.2)));
  }
}
