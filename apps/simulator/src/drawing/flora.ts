import { hex, lighter, mix, type Lch } from './colour.js';
import { cells, type Stage } from './stage.js';

/** A row of trees along a height line. */
interface Grove {
  readonly height: (x: number) => number;
  /** 0 far .. 1 near. */
  readonly depth: number;
  readonly layer: number;
  readonly colour: Lch;
  /** 0 bare .. 1 full. */
  readonly dense: number;
}

/** Plants pines or round trees along a height line, to be painted before the ground that they stand on. */
export function paintGrove({ paper, dice, window }: Stage, grove: Grove): void {
  const step = 13 + 30 * grove.depth;
  const tall = (30 + 150 * grove.depth ** 1.2) * (grove.dense > 0.6 ? 1.35 : 0.8);
  const pines = dice.chance(`pines-${grove.layer}`, grove.dense > 0.6 ? 0.85 : 0.5);
  const density = dice.curve(`density-${grove.layer}`, 2);
  for (const cell of cells(window, step)) {
    const own = dice.at(`tree-${grove.layer}`, cell);
    const x = (cell + own.roll('x')) * step;
    if (!own.chance('there', grove.dense + density(x / 260) * 0.45)) continue;
    const size = tall * own.between('size', 0.55, 1.2);
    const base = grove.height(x) + size * 0.1;
    const fill = hex(lighter(grove.colour, own.between('shade', -0.035, 0.035)));
    if (pines) paper.shape(pine(x, base, size), fill);
    else roundTree(paper, x, base, size * 0.62, fill);
  }
}

function pine(x: number, base: number, size: number): string {
  const width = size * 0.2;
  const tiers = [0, 1, 2, 3].map((tier) => {
    const y = base - size * (0.1 + tier * 0.22);
    const w = width * (1 - tier * 0.2);
    return `M${(x - w).toFixed(1)},${y.toFixed(1)}Q${x.toFixed(1)},${(y + size * 0.03).toFixed(1)} ${(x + w).toFixed(1)},${y.toFixed(1)}L${x.toFixed(1)},${(y - size * 0.34).toFixed(1)}Z`;
  });
  return `${tiers.join('')}M${(x - size * 0.02).toFixed(1)},${base.toFixed(1)}h${(size * 0.04).toFixed(1)}v${(-size * 0.3).toFixed(1)}h${(-size * 0.04).toFixed(1)}Z`;
}

function roundTree(paper: Stage['paper'], x: number, base: number, size: number, fill: string): void {
  paper.rectangle(x - size * 0.04, base - size * 0.5, size * 0.08, size * 0.55, fill);
  paper.disc(x, base - size * 0.72, size * 0.36, fill);
  paper.disc(x - size * 0.24, base - size * 0.55, size * 0.25, fill);
  paper.disc(x + size * 0.25, base - size * 0.57, size * 0.24, fill);
}

/** Paints a garden close up: soft light behind, stems with leaves, flowers of a few forms. */
export function paintGarden(stage: Stage): void {
  const { paper, dice, palette, frame, window } = stage;
  const back = palette.dark
    ? ([palette.skyTop, palette.skyMid] as const)
    : ([palette.skyLow, mix(palette.skyLow, palette.skyMid, 0.7)] as const);
  paper.wash(
    paper.vertical(-100, 1050, [
      [0, back[0]],
      [1, back[1]],
    ]),
  );
  const x = frame * dice.between('moon-x', 0.3, 0.7);
  const y = dice.between('moon-y', 300, 480);
  const radius = dice.between('moon-r', 210, 330);
  paper.disc(
    x,
    y,
    radius * 1.9,
    paper.radial(x, y, radius * 1.9, [
      [0, palette.glow, 0.5],
      [1, palette.glow, 0],
    ]),
  );
  paper.disc(x, y, radius, hex(mix(palette.accent, palette.skyLow, 0.62)), 0.8);
  for (const row of [0, 1, 2]) {
    const step = [74, 104, 150][row] ?? 110;
    const stem = [palette.far, mix(palette.far, palette.near, 0.55), palette.near][row] ?? palette.near;
    for (const cell of cells(window, step)) {
      const own = dice.at(`stem-${row}`, cell);
      if (!own.chance('there', 0.8)) continue;
      paintStem(stage, own, (cell + own.roll('x')) * step, row, mix(stem, palette.second, 0.16));
    }
  }
}

function paintStem({ paper, palette, dice }: Stage, own: Stage['dice'], x: number, row: number, colour: Lch): void {
  const scale = 0.7 + row * 0.3;
  const tall = own.between('tall', 300, 690) * (1.12 - row * 0.2);
  const lean = own.between('lean', -95, 95);
  const base = 1060;
  const point = (part: number): [number, number] => [x + lean * part * part, base - tall * part];
  const [tipX, tipY] = point(1);
  const ink = hex(colour);
  paper.stroke(
    `M${x.toFixed(1)},${base}Q${x.toFixed(1)},${(base - tall * 0.55).toFixed(1)} ${tipX.toFixed(1)},${tipY.toFixed(1)}`,
    ink,
    4.5 * scale,
  );
  for (let leaf = 0; leaf < 9; leaf += 1) {
    const part = 0.16 + leaf * 0.085;
    const [lx, ly] = point(part);
    const side = leaf % 2 === 0 ? 1 : -1;
    const long = own.at('leaf', leaf).between('long', 42, 84) * scale * (1.15 - part * 0.7);
    const up = long * 0.62;
    paper.shape(
      `M${lx.toFixed(1)},${ly.toFixed(1)}Q${(lx + side * long * 0.2).toFixed(1)},${(ly - up * 1.15).toFixed(1)} ${(lx + side * long).toFixed(1)},${(ly - up).toFixed(1)}Q${(lx + side * long * 0.75).toFixed(1)},${(ly + up * 0.1).toFixed(1)} ${lx.toFixed(1)},${ly.toFixed(1)}Z`,
      hex(lighter(colour, side * 0.03)),
    );
  }
  const petal = own.chance('other', 0.35) ? mix(palette.second, palette.accent, 0.35) : palette.accent;
  paintBloom(
    paper,
    tipX,
    tipY,
    own.between('bloom', 38, 74) * scale,
    lighter(petal, own.between('tone', -0.05, 0.1) - (2 - row) * -0.03),
    palette.glow,
    dice.chance('tulip', 0.3) ? 5 : own.pick('petals', [6, 8, 11]),
  );
}

/** One open flower. */
export function paintBloom(
  paper: Stage['paper'],
  x: number,
  y: number,
  radius: number,
  petal: Lch,
  heart: Lch,
  petals: number,
): void {
  for (const ring of [1, 0.66]) {
    const fill = paper.radial(x, y, radius * ring, [
      [0, lighter(petal, -0.1)],
      [0.55, petal],
      [1, lighter(petal, 0.1)],
    ]);
    for (let at = 0; at < petals; at += 1) {
      const turn = (at + (ring === 1 ? 0 : 0.5)) * (360 / petals);
      const reach = radius * ring * 0.56;
      const angle = ((turn - 90) * Math.PI) / 180;
      paper.oval(
        x + Math.cos(angle) * reach,
        y + Math.sin(angle) * reach,
        (radius * ring * 2.1) / petals,
        radius * ring * 0.5,
        fill,
        0.94,
        turn,
      );
    }
  }
  paper.disc(x, y, radius * 0.2, hex(heart));
  paper.disc(x, y, radius * 0.12, hex(lighter(petal, -0.2)), 0.55);
}
