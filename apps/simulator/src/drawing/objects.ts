import { hex, lch, lighter, mix } from './colour.js';
import { paintBloom } from './flora.js';
import { type Stage } from './stage.js';

/** A sailing boat, 210 units high, its waterline at the origin. */
export function paintBoat({ paper, palette }: Stage): void {
  const hull = hex(mix(palette.accent, palette.near, palette.dark ? 0.45 : 0.2));
  const sail = mix(lch(0.96, 0.02, 80), palette.glow, 0.4);
  paper.rectangle(-3, -200, 6, 190, hex(palette.near));
  paper.shape('M-8,-196C-52,-130 -84,-70 -92,-34C-60,-26 -32,-26 -8,-30Z', hex(sail));
  paper.shape('M8,-180C36,-130 56,-80 62,-42C40,-34 24,-32 8,-32Z', hex(mix(sail, palette.accent, 0.28)));
  paper.shape('M-104,-22C-60,-12 50,-12 100,-26C92,4 70,22 48,24H-56C-82,22 -98,2 -104,-22Z', hull);
  paper.shape('M-104,-22C-60,-12 50,-12 100,-26L98,-18C50,-4 -60,-4 -101,-13Z', hex(lighter(palette.glow, -0.02)), 0.8);
}

/** A cottage with a lit window and smoke, 150 units high. */
export function paintHouse({ paper, palette }: Stage): void {
  const wall = mix(lch(0.9, 0.03, 75), palette.far, palette.dark ? 0.55 : 0.2);
  const roof = mix(palette.accent, palette.near, palette.dark ? 0.4 : 0.15);
  paper.shape('M44,-150C40,-180 66,-186 58,-216C86,-194 60,-176 58,-150Z', hex(palette.glow), 0.35);
  paper.rectangle(40, -150, 22, 50, hex(mix(roof, palette.near, 0.35)));
  paper.rectangle(-74, -80, 148, 84, hex(wall));
  paper.rectangle(20, -80, 54, 84, hex(lighter(wall, -0.08)));
  paper.shape('M-92,-74L-58,-142H62L94,-74Z', hex(roof));
  paper.shape('M14,-74L62,-142L94,-74Z', hex(lighter(roof, -0.06)));
  const lit = hex(mix(palette.glow, lch(0.88, 0.15, 80), 0.65));
  for (const x of [-56, -8]) {
    paper.rectangle(x, -58, 24, 26, lit);
    paper.stroke(`M${x + 12},-58v26M${x},-45h24`, hex(roof), 3);
  }
  paper.rectangle(36, -50, 24, 54, hex(mix(roof, palette.near, 0.5)), 1, 5);
}

/** A castle of four towers, 250 units high. */
export function paintCastle({ paper, palette }: Stage): void {
  const stone = mix(mix(palette.far, lch(0.7, 0.03, 70), 0.4), palette.near, 0.22);
  const roof = hex(mix(palette.accent, palette.near, palette.dark ? 0.35 : 0.12));
  const lit = hex(mix(palette.glow, lch(0.88, 0.15, 80), 0.6));
  const tower = (x: number, wide: number, tall: number, tone: number): void => {
    paper.rectangle(x - wide / 2, -tall, wide, tall + 6, hex(lighter(stone, tone)));
    paper.rectangle(x, -tall, wide / 2, tall + 6, hex(lighter(stone, tone - 0.05)));
    paper.shape(`M${x - wide * 0.68},${-tall}L${x},${-tall - wide * 1.7}L${x + wide * 0.68},${-tall}Z`, roof);
    paper.rectangle(x - 4, -tall + 18, 8, 18, lit, 1, 4);
    paper.stroke(`M${x},${-tall - wide * 1.65}v-16`, roof, 3);
    paper.shape(`M${x},${-tall - wide * 1.65 - 16}l20,6l-20,6Z`, hex(palette.second));
  };
  tower(-28, 44, 170, 0.02);
  tower(40, 36, 138, 0);
  paper.rectangle(-110, -82, 220, 88, hex(stone));
  for (let at = -110; at < 110; at += 22) paper.rectangle(at, -94, 13, 14, hex(stone));
  tower(-110, 40, 118, 0.03);
  tower(110, 40, 108, -0.02);
  paper.shape('M-22,6V-30A22,24 0 0 1 22,-30V6Z', hex(mix(palette.near, stone, 0.2)));
}

/** A lighthouse on its rock, 300 units high, with its beam. */
export function paintLighthouse({ paper, palette }: Stage): void {
  const white = mix(lch(0.95, 0.01, 80), palette.far, palette.dark ? 0.42 : 0.1);
  const band = hex(mix(lch(0.6, 0.19, 27), palette.near, palette.dark ? 0.3 : 0.05));
  for (const side of [-1, 1]) {
    paper.shape(
      `M0,-262L${side * 560},-352V-196Z`,
      paper.slanted(
        [0, -262],
        [side * 560, -262],
        [
          [0, palette.glow, 0.6],
          [1, palette.glow, 0],
        ],
      ),
    );
  }
  paper.shape('M-130,30C-116,-14 -70,-34 -30,-36H30C76,-30 120,-10 136,30Z', hex(palette.near));
  paper.shape('M-34,-30L-22,-240H22L34,-30Z', hex(white));
  paper.shape('M-31,-84L-28,-136H28L31,-84ZM-25,-186L-22.6,-226H22.6L25,-186Z', band);
  paper.shape('M4,-30V-240H22L34,-30Z', hex(palette.near), 0.18);
  paper.rectangle(-30, -246, 60, 9, hex(palette.near));
  paper.rectangle(-17, -280, 34, 36, hex(lighter(palette.glow, 0.02)));
  paper.shape('M-24,-280L0,-312L24,-280Z', band);
}

/** A hot-air balloon, 240 units high, its basket at the origin. */
export function paintBalloon({ paper, palette }: Stage): void {
  const stripes = [palette.accent, palette.glow, palette.second, palette.accent, palette.glow];
  paper.stroke('M-34,-86L-16,-24M34,-86L16,-24', hex(palette.near), 2.5);
  paper.shape('M0,-250C-92,-250 -112,-150 -34,-84H34C112,-150 92,-250 0,-250Z', hex(palette.accent));
  [78, 52, 24].forEach((half, at) => {
    const colour = stripes[at + 1] ?? palette.glow;
    paper.shape(
      `M0,-250C${-half * 1.25},-250 ${-half * 1.4},-150 ${-half * 0.42},-84H${half * 0.42}C${half * 1.4},-150 ${half * 1.25},-250 0,-250Z`,
      hex(mix(colour, palette.near, 0.06)),
    );
  });
  paper.oval(-30, -200, 26, 40, hex(lighter(palette.glow, 0.04)), 0.3);
  paper.rectangle(-19, -26, 38, 28, hex(mix(lch(0.5, 0.08, 60), palette.near, 0.3)), 1, 5);
}

/** One broad tree, 280 units high. */
export function paintTree({ paper, palette, dice, reading }: Stage): void {
  const leaf = mix(
    reading.hues.length > 0 || reading.coat !== null ? palette.accent : mix(palette.accent, lch(0.6, 0.12, 130), 0.45),
    palette.near,
    palette.dark ? 0.4 : 0.12,
  );
  const bark = hex(mix(palette.near, lch(0.3, 0.04, 50), 0.4));
  paper.shape(
    'M-16,4C-8,-40 -10,-90 -6,-130L-58,-176L-50,-182L-2,-150L2,-190H10L10,-150L56,-188L62,-180L16,-126C16,-88 18,-40 30,4Z',
    bark,
  );
  for (let tuft = 0; tuft < 34; tuft += 1) {
    const own = dice.at('tuft', tuft);
    const turn = own.between('turn', 0, 6.283);
    const away = Math.sqrt(own.roll('away'));
    const y = -196 + Math.sin(turn) * away * 74;
    const tone = (-196 - y) / 74;
    paper.disc(
      Math.cos(turn) * away * 128,
      y,
      own.between('r', 24, 46),
      hex(lighter(mix(leaf, palette.glow, Math.max(0, tone) * 0.16), tone * 0.07 + own.between('tone', -0.04, 0.04))),
      0.96,
    );
  }
}

/** One tall flower, 260 units high. */
export function paintFlower({ paper, palette, dice }: Stage): void {
  const green = mix(lch(0.5, 0.11, 140), palette.near, palette.dark ? 0.5 : 0.2);
  paper.stroke('M0,6C6,-70 -12,-120 0,-180', hex(green), 9);
  paper.shape(
    'M0,-40C-50,-60 -78,-110 -74,-128C-40,-120 -6,-90 0,-40ZM0,-66C46,-84 70,-124 68,-146C34,-138 6,-108 0,-66Z',
    hex(lighter(green, 0.05)),
  );
  paintBloom(paper, 0, -196, 78, palette.accent, lighter(palette.glow, -0.04), dice.pick('bloom', [8, 11, 14]));
}
