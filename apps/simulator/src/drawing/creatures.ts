import { hex, lch, lighter, mix, type Lch } from './colour.js';
import { type Stage } from './stage.js';

/** How a creature is coloured: fur or hide, its lit side, and what is nearly black or nearly white on it. */
interface Coat {
  readonly body: string;
  readonly lit: string;
  readonly dark: string;
  readonly pale: string;
}

function coat(stage: Stage, natural: Lch): Coat {
  const { palette, reading } = stage;
  const base = reading.coat === null ? natural : { ...natural, h: reading.coat, c: Math.max(natural.c, 0.13) };
  const air = palette.dark ? 0.3 : 0.12;
  return {
    body: hex(mix(base, palette.near, air)),
    lit: hex(mix(lighter(base, 0.1), palette.glow, 0.22)),
    dark: hex(mix(lch(0.2, 0.03, base.h), palette.near, 0.5)),
    pale: hex(mix(lch(0.95, 0.02, 80), palette.skyMid, palette.dark ? 0.35 : 0.1)),
  };
}

/** A sitting fox, 200 units high, its feet at the origin. */
export function paintFox(stage: Stage): void {
  const { paper } = stage;
  const { body, lit, dark, pale } = coat(stage, lch(0.64, 0.17, 48));
  paper.shape('M38,-8C90,4 132,-30 128,-86C126,-112 108,-118 104,-92C100,-58 74,-40 36,-46Z', body);
  paper.shape('M128,-86C126,-116 104,-116 104,-90C108,-98 120,-98 128,-86Z', pale);
  paper.shape('M-34,0C-46,-46 -32,-96 -8,-124C22,-120 58,-78 54,-30C53,-10 44,0 30,0Z', body);
  paper.shape('M-34,0C-44,-46 -32,-92 -10,-118C0,-84 -8,-40 -14,0Z', lit);
  paper.shape('M-30,-90C-22,-60 -12,-56 0,-88C-2,-54 -10,-34 -18,-26C-26,-40 -32,-62 -30,-90Z', pale);
  paper.shape('M-32,0L-30,-34L-18,-34L-14,0ZM0,0C2,-30 22,-44 42,-26C50,-14 44,0 34,0Z', body);
  paper.shape('M-34,0L-32,-16H-14L-12,0Z', dark);
  paper.shape(
    'M-44,-166L-54,-206L-22,-180L6,-180L34,-206L26,-164C30,-144 14,-122 -10,-112C-32,-122 -48,-142 -44,-166Z',
    body,
  );
  paper.shape('M-49,-195L-42,-172L-30,-180ZM30,-195L22,-172L12,-179Z', dark);
  paper.shape(
    'M-44,-160C-36,-150 -22,-148 -10,-120C2,-148 16,-150 26,-160C28,-142 12,-122 -10,-112C-32,-122 -46,-142 -44,-160Z',
    pale,
  );
  paper.shape('M-16,-124Q-10,-128 -4,-124L-10,-114Z', dark);
  paper.oval(-25, -152, 4.2, 5.4, dark);
  paper.oval(6, -152, 4.2, 5.4, dark);
}

/** A sitting cat seen from behind or aside, 190 units high. */
export function paintCat(stage: Stage): void {
  const { paper } = stage;
  const { body, lit, dark, pale } = coat(stage, lch(0.42, 0.05, 60));
  paper.stroke('M34,-10C84,0 110,-30 96,-66C92,-78 80,-76 80,-64', body, 15);
  paper.shape('M-40,0C-50,-50 -32,-98 -6,-116C26,-104 54,-58 46,0Z', body);
  paper.shape('M-40,0C-48,-46 -34,-90 -12,-110C-4,-76 -14,-34 -22,0Z', lit);
  paper.shape('M-40,-128L-46,-178L-20,-156H10L34,-178L30,-128C28,-104 12,-94 -6,-94C-24,-94 -38,-106 -40,-128Z', body);
  paper.shape('M-40,-166L-36,-146L-26,-154ZM28,-166L24,-146L14,-154Z', pale, 0.6);
  paper.oval(-20, -130, 6, 7, pale);
  paper.oval(10, -130, 6, 7, pale);
  paper.oval(-20, -130, 2.4, 6.4, dark);
  paper.oval(10, -130, 2.4, 6.4, dark);
  paper.shape('M-9,-116H0L-4.5,-110Z', dark);
}

/** A whale breaching, 240 units long. */
export function paintWhale(stage: Stage): void {
  const { paper } = stage;
  const { body, lit, dark, pale } = coat(stage, lch(0.42, 0.07, 245));
  paper.shape(
    'M-120,-10C-130,-70 -70,-130 10,-120C70,-112 96,-70 132,-88C150,-98 160,-130 196,-134C186,-110 184,-98 190,-84C176,-70 156,-74 142,-60C112,-20 60,6 -20,8C-70,10 -112,12 -120,-10Z',
    body,
  );
  paper.shape(
    'M-120,-10C-110,-34 -60,-22 0,-22C60,-24 100,-44 130,-66C104,-20 60,6 -20,8C-70,10 -112,12 -120,-10Z',
    pale,
    0.85,
  );
  paper.shape('M-100,-66C-66,-118 -10,-124 40,-110C0,-108 -60,-104 -100,-66Z', lit, 0.7);
  paper.shape('M-30,-8C-20,30 6,44 30,42C22,24 14,8 10,-12Z', body);
  paper.oval(-86, -42, 5, 5, dark);
  paper.stroke('M-40,-132C-42,-160 -58,-170 -70,-168M-40,-132C-38,-162 -22,-174 -8,-168', pale, 6, 0.8);
}

/** A flock, wings in different strokes, around the origin, about 300 units wide. */
export function paintBirds(stage: Stage): void {
  const { paper, dice, palette } = stage;
  const ink = hex(mix(palette.near, palette.skyTop, 0.2));
  for (let bird = 0; bird < 11; bird += 1) {
    const own = dice.at('bird', bird);
    const x = own.between('x', -190, 190);
    const y = own.between('y', -70, 70) + Math.abs(x) * 0.22;
    const size = own.between('size', 11, 27);
    const lift = size * own.between('lift', 0.25, 0.85);
    paper.shape(
      `M${x.toFixed(1)},${y.toFixed(1)}q${(-size * 0.5).toFixed(1)},${(-lift * 1.3).toFixed(1)} ${(-size).toFixed(1)},${(-lift * 0.6).toFixed(1)}q${(size * 0.55).toFixed(1)},${(-lift * 0.25).toFixed(1)} ${size.toFixed(1)},${(lift * 0.95).toFixed(1)}q${(size * 0.45).toFixed(1)},${(-lift * 1.2).toFixed(1)} ${size.toFixed(1)},${(-lift * 0.95).toFixed(1)}q${(-size * 0.5).toFixed(1)},${(-lift * 0.7).toFixed(1)} ${(-size).toFixed(1)},${(lift * 0.6).toFixed(1)}Z`,
      ink,
    );
  }
}

/** A standing figure in a long coat seen from behind, 210 units high. */
export function paintPerson(stage: Stage): void {
  const { paper, palette, dice, reading } = stage;
  const worn = reading.coat === null ? palette.accent : { ...palette.accent, h: reading.coat };
  const cloth = mix(worn, palette.near, palette.dark ? 0.25 : 0.08);
  const hair = hex(mix(palette.near, lch(0.22, 0.04, 40), 0.5));
  const skin = hex(mix(lch(0.78, 0.06, 55), palette.near, palette.dark ? 0.3 : 0.05));
  const wind = dice.between('wind', 6, 46);
  paper.shape('M-16,0L-14,-60H-2L-3,0ZM4,0L3,-60H16L18,0Z', hair);
  paper.shape(
    `M-22,-150C-34,-110 -42,-60 -46,-30C-20,-20 20,-22 ${(44 + wind).toFixed(0)},-34C36,-70 30,-112 22,-150C10,-160 -10,-160 -22,-150Z`,
    hex(cloth),
  );
  paper.shape(
    'M-22,-150C-34,-110 -42,-60 -46,-30C-36,-26 -28,-25 -20,-25C-20,-70 -16,-120 -8,-156Z',
    hex(lighter(mix(cloth, palette.glow, 0.18), 0.05)),
  );
  paper.shape(
    'M-24,-148C-36,-120 -40,-100 -38,-84L-28,-84C-28,-106 -22,-126 -16,-138ZM24,-148C36,-120 40,-100 38,-84L28,-84C28,-106 22,-126 16,-138Z',
    hex(lighter(cloth, -0.06)),
  );
  paper.rectangle(-6, -164, 12, 14, skin);
  paper.oval(0, -180, 19, 22, skin);
  paper.shape(
    `M-20,-176C-24,-208 24,-210 21,-178C${(24 + wind * 0.4).toFixed(0)},-150 ${(22 + wind * 0.6).toFixed(0)},-140 16,-132C10,-144 -12,-144 -18,-134C-22,-150 -22,-164 -20,-176Z`,
    hair,
  );
  paper.shape(
    `M-20,-150C-4,-142 8,-142 22,-150L${(34 + wind).toFixed(0)},-140L${(54 + wind * 1.6).toFixed(0)},-150L${(30 + wind).toFixed(0)},-132L18,-138Z`,
    hex(mix(palette.second, palette.glow, 0.2)),
  );
}
