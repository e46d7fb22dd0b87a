import { hex, lighter, mix, type Lch } from './colour.js';
import { paintSky } from './sky.js';
import { cells, type Stage } from './stage.js';

/** Paints a city: three rows of towers with lit windows, a street or river that mirrors their lights. */
export function paintCity(stage: Stage): (x: number) => number {
  const { paper, dice, palette, window } = stage;
  const ground = dice.between('ground', 800, 860);
  paintSky(stage, ground - 60);
  for (const row of [0, 1, 2]) {
    const width = [64, 92, 128][row] ?? 92;
    const colour = mix(palette.far, palette.near, [0.2, 0.58, 0.96][row] ?? 0.5);
    for (const cell of cells(window, width)) paintTower(stage, cell, row, width, ground, colour);
    const haze = mix(palette.skyLow, palette.accent, 0.2);
    paper.rectangle(
      window.x - 5,
      ground - 330,
      window.w + 10,
      340,
      paper.vertical(ground - 330, ground, [
        [0, haze, 0],
        [1, haze, 0.34 - row * 0.13],
      ]),
    );
  }
  const bottom = Math.max(window.y + window.h, 1000) + 30;
  const floor = mix(palette.near, palette.skyTop, 0.3);
  paper.rectangle(
    window.x - 5,
    ground,
    window.w + 10,
    bottom - ground,
    paper.vertical(ground, 1000, [
      [0, mix(floor, palette.skyLow, 0.34)],
      [1, floor],
    ]),
  );
  for (const cell of cells(window, 26)) {
    const own = dice.at('mirror', cell);
    const colour = own.chance('second', 0.4) ? palette.second : palette.accent;
    const x = (cell + own.roll('x')) * 26;
    for (let dash = 0; dash < 7; dash += 1) {
      const part = own.at('dash', dash);
      if (part.chance('there', 0.6)) {
        paper.oval(
          x + part.between('x', -7, 7),
          ground + 8 + dash * 24 + part.between('y', -6, 6),
          part.between('w', 5, 20),
          1.6,
          hex(colour),
          0.42 - dash * 0.04,
        );
      }
    }
  }
  return () => ground + 100;
}

function paintTower(
  { paper, dice, palette }: Stage,
  cell: number,
  row: number,
  width: number,
  ground: number,
  colour: Lch,
): void {
  const own = dice.at(`tower-${row}`, cell);
  const wide = width * own.between('wide', 0.62, 1.04);
  const tall = own.between('tall', 120, 330) * (1.5 - row * 0.3) * (own.chance('high', 0.18) ? 1.45 : 1);
  const x = cell * width + own.between('x', 0, width * 0.3);
  const top = ground - tall;
  const shade = lighter(colour, own.between('shade', -0.03, 0.03));
  const fill = paper.vertical(top, ground, [
    [0, mix(shade, palette.skyMid, 0.14)],
    [1, lighter(shade, -0.02)],
  ]);
  paper.rectangle(x, top, wide, tall + 4, fill);
  const roof = own.pick('roof', ['flat', 'step', 'spire', 'slope', 'flat'] as const);
  if (roof === 'step') paper.rectangle(x + wide * 0.2, top - tall * 0.1, wide * 0.6, tall * 0.1 + 2, fill);
  if (roof === 'spire') {
    paper.shape(
      `M${(x + wide * 0.3).toFixed(1)},${top.toFixed(1)}L${(x + wide / 2).toFixed(1)},${(top - tall * 0.24).toFixed(1)}L${(x + wide * 0.7).toFixed(1)},${top.toFixed(1)}Z`,
      hex(shade),
    );
    paper.stroke(
      `M${(x + wide / 2).toFixed(1)},${(top - tall * 0.2).toFixed(1)}v${(-tall * 0.16).toFixed(1)}`,
      hex(shade),
      2.4,
    );
  }
  if (roof === 'slope')
    paper.shape(
      `M${x.toFixed(1)},${(top + 1).toFixed(1)}L${(x + wide).toFixed(1)},${(top - wide * 0.36).toFixed(1)}V${(top + 1).toFixed(1)}Z`,
      hex(shade),
    );
  paintWindows(paper, own, { x, top, wide, tall }, row, palette.dark ? 0.46 : 0.2, [
    palette.accent,
    palette.glow,
    palette.second,
  ]);
}

interface Wall {
  readonly x: number;
  readonly top: number;
  readonly wide: number;
  readonly tall: number;
}

/** All windows of one colour are one path: a city has thousands. */
function paintWindows(
  paper: Stage['paper'],
  own: Stage['dice'],
  wall: Wall,
  row: number,
  lit: number,
  colours: readonly [Lch, Lch, Lch],
): void {
  const size = 5 + row * 2.2;
  const gap = size * 1.9;
  const columns = Math.floor((wall.wide - gap) / gap);
  const rows = Math.floor((wall.tall - gap) / (gap * 1.25));
  const paths = ['', '', ''];
  for (let column = 0; column < columns; column += 1) {
    for (let floor = 0; floor < rows; floor += 1) {
      const pane = own.at('pane', column * 257 + floor);
      if (!pane.chance('lit', lit)) continue;
      const kind = Math.floor(pane.roll('colour') ** 1.6 * 2.999);
      const x = wall.x + gap * 0.7 + column * gap;
      const y = wall.top + gap * 0.8 + floor * gap * 1.25;
      paths[kind] =
        `${paths[kind] ?? ''}M${x.toFixed(1)},${y.toFixed(1)}h${size.toFixed(1)}v${(size * 1.35).toFixed(1)}h${(-size).toFixed(1)}Z`;
    }
  }
  paths.forEach((path, kind) => {
    const colour = colours[kind];
    if (path !== '' && colour !== undefined) paper.shape(path, hex(colour), 0.5 + row * 0.2);
  });
}
