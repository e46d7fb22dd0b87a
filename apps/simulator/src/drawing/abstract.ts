import { hex, lighter, mix, type Lch } from './colour.js';
import { paintStars } from './sky.js';
import { type Stage } from './stage.js';

/** Paints flowing ribbons, or overlapping discs and arcs: whichever the chances say. */
export function paintAbstract(stage: Stage): void {
  const { paper, palette, dice, frame } = stage;
  paper.wash(
    paper.slanted(
      [0, 0],
      [frame, 1000],
      [
        [0, palette.skyLow],
        [1, mix(palette.skyLow, palette.skyMid, 0.75)],
      ],
    ),
  );
  if (dice.chance('ribbons', 0.55)) paintRibbons(stage);
  else paintDiscs(stage);
}

const around = (palette: Stage['palette'], part: number): Lch => {
  const ring = [palette.skyTop, palette.far, palette.second, palette.skyMid, palette.accent, palette.near];
  const at = part * (ring.length - 1);
  const from = ring[Math.floor(at)] ?? palette.accent;
  return mix(from, ring[Math.min(ring.length - 1, Math.floor(at) + 1)] ?? from, at % 1);
};

function paintRibbons({ paper, palette, dice, frame, window }: Stage): void {
  const count = 11;
  const swirl = dice.between('swirl', 90, 210);
  const slope = dice.between('slope', -0.42, 0.42);
  const path = dice.curve('path', 3, 0.45);
  const sway = dice.curve('sway', 2, 0.5);
  const line = (x: number, at: number): number =>
    80 +
    (at / count) * 960 +
    path(x / 620 + at * 0.09) * swirl +
    sway(x / 300 - at * 0.16) * 46 +
    (x - frame / 2) * slope;
  for (let ribbon = 0; ribbon < count; ribbon += 1) {
    const upper: string[] = [];
    const lower: string[] = [];
    for (let x = window.x - 20; x <= window.x + window.w + 20; x += 9) {
      upper.push(`${x.toFixed(1)},${line(x, ribbon).toFixed(1)}`);
      lower.unshift(
        `${x.toFixed(1)},${Math.max(line(x, ribbon + 1.35), window.y + window.h * (ribbon === count - 1 ? 1.1 : 0)).toFixed(1)}`,
      );
    }
    const colour = around(palette, ribbon / (count - 1));
    const y = line(frame / 2, ribbon);
    paper.shape(
      `M${upper.join(' ')}L${lower.join(' ')}Z`,
      paper.slanted(
        [0, y - 60],
        [frame * 0.4, y + 190],
        [
          [0, lighter(colour, 0.1)],
          [0.35, colour],
          [1, lighter(colour, -0.1)],
        ],
      ),
    );
    paper.stroke(`M${upper.join(' ')}`, hex(lighter(colour, 0.18)), 2, 0.55);
  }
  const x = frame * dice.between('orb-x', 0.2, 0.8);
  const y = dice.between('orb-y', 140, 320);
  paper.disc(
    x,
    y,
    260,
    paper.radial(x, y, 260, [
      [0, palette.glow, 0.7],
      [1, palette.glow, 0],
    ]),
  );
  paper.disc(x, y, 72, hex(lighter(palette.glow, 0.02)), 0.95);
}

function paintDiscs({ paper, palette, dice, frame }: Stage): void {
  for (let at = 0; at < 15; at += 1) {
    const own = dice.at('disc', at);
    const radius = 40 + own.roll('radius') ** 1.7 * 270;
    const x = own.between('x', -0.05, 1.05) * frame;
    const y = own.between('y', -50, 1050);
    const colour = around(palette, own.roll('colour'));
    const kind = own.pick('kind', ['full', 'half', 'ring', 'full', 'quarter'] as const);
    const fill = paper.slanted(
      [x - radius, y - radius],
      [x + radius, y + radius],
      [
        [0, lighter(colour, 0.12)],
        [1, lighter(colour, -0.06)],
      ],
    );
    const turn = own.pick('turn', [0, 1, 2, 3] as const);
    if (kind === 'full') paper.disc(x, y, radius, fill, 0.9);
    else if (kind === 'ring') {
      for (const ring of [1, 0.74, 0.48]) paper.stroke(circle(x, y, radius * ring), hex(colour), radius * 0.07, 0.9);
    } else if (kind === 'half') {
      const [dx, dy] = turn % 2 === 0 ? [radius, 0] : [0, radius];
      paper.shape(
        `M${(x - dx).toFixed(1)},${(y - dy).toFixed(1)}A${radius.toFixed(1)},${radius.toFixed(1)} 0 0 ${turn > 1 ? 1 : 0} ${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}Z`,
        fill,
        0.94,
      );
    } else {
      const size = radius * 0.8;
      paper.shape(
        `M${x.toFixed(1)},${y.toFixed(1)}h${size.toFixed(1)}A${size.toFixed(1)},${size.toFixed(1)} 0 0 ${turn % 2} ${x.toFixed(1)},${(y + (turn % 2 === 1 ? size : -size)).toFixed(1)}Z`,
        fill,
        0.94,
      );
    }
  }
  paper.stroke(
    `M${(frame * 0.05).toFixed(1)},${dice.between('bar', 650, 900).toFixed(1)}H${(frame * 0.95).toFixed(1)}`,
    hex(palette.near),
    5,
    0.85,
  );
}

const circle = (x: number, y: number, radius: number): string => {
  const r = radius.toFixed(1);
  return `M${(x - radius).toFixed(1)},${y.toFixed(1)}a${r},${r} 0 1 0 ${(radius * 2).toFixed(1)},0a${r},${r} 0 1 0 ${(-radius * 2).toFixed(1)},0`;
};

/** Paints deep space: nebulae, stars, a shaded planet, its ring and moons. */
export function paintSpace(stage: Stage): void {
  const { paper, palette, dice, frame } = stage;
  const deep = { ...palette.skyTop, l: Math.min(palette.skyTop.l, 0.17) };
  paper.wash(hex(deep));
  for (let cloud = 0; cloud < 11; cloud += 1) {
    const own = dice.at('nebula', cloud);
    const x = own.between('x', -0.1, 1.1) * frame;
    const y = own.between('y', -100, 1100);
    const radius = own.between('r', 190, 480);
    const colour = own.pick('colour', [palette.skyMid, palette.accent, palette.second, palette.far]);
    paper.disc(
      x,
      y,
      radius,
      paper.radial(x, y, radius, [
        [0, colour, 0.34],
        [1, colour, 0],
      ]),
    );
  }
  paintStars(stage, 4000, 1.2);
  const x = frame * dice.between('planet-x', 0.3, 0.72);
  const y = dice.between('planet-y', 360, 640);
  const radius = dice.between('planet-r', 150, 270);
  const tilt = dice.between('tilt', -28, 28);
  const body = mix(palette.accent, palette.skyMid, dice.between('body', 0, 0.5));
  paper.disc(
    x,
    y,
    radius * 1.5,
    paper.radial(x, y, radius * 1.5, [
      [0.6, body, 0.45],
      [1, body, 0],
    ]),
  );
  paper.disc(x, y, radius, hex(body));
  for (let band = -4; band <= 4; band += 1) {
    const own = dice.at('band', band);
    const dy = (band / 5) * radius;
    const half = Math.sqrt(Math.max(0, radius * radius - dy * dy));
    paper.oval(
      x,
      y + dy,
      half * 0.995,
      radius * own.between('thick', 0.03, 0.1),
      hex(lighter(body, own.between('tone', -0.12, 0.14))),
      0.5,
    );
  }
  paper.disc(
    x,
    y,
    radius,
    paper.radial(x - radius * 0.4, y - radius * 0.4, radius * 1.65, [
      [0, palette.glow, 0.42],
      [0.42, body, 0],
      [0.72, deep, 0.55],
      [1, deep, 0.95],
    ]),
  );
  if (dice.chance('ring', 0.6)) {
    for (const ring of [1.5, 1.68, 1.9]) {
      const rx = radius * ring;
      const ry = rx * 0.2;
      const turn = (tilt * Math.PI) / 180;
      const [dx, dy] = [Math.cos(turn) * rx, Math.sin(turn) * rx];
      paper.stroke(
        `M${(x - dx).toFixed(1)},${(y - dy).toFixed(1)}A${rx.toFixed(1)},${ry.toFixed(1)} ${tilt.toFixed(1)} 0 0 ${(x + dx).toFixed(1)},${(y + dy).toFixed(1)}`,
        hex(mix(palette.glow, body, 0.4)),
        radius * 0.055,
        0.75,
      );
    }
  }
  for (const moon of [0, 1]) {
    const own = dice.at('moon', moon);
    const mx = own.between('x', 0.06, 0.94) * frame;
    const my = own.between('y', 60, 940);
    const size = own.between('r', 16, 46);
    paper.disc(
      mx,
      my,
      size,
      paper.radial(mx - size * 0.5, my - size * 0.5, size * 1.7, [
        [0, palette.glow],
        [0.5, palette.second],
        [1, deep],
      ]),
    );
  }
}
