import { hex, lch, lighter, mix, type Lch } from './colour.js';
import { paintGrove } from './flora.js';
import { paintSky } from './sky.js';
import { cells, type Stage, under } from './stage.js';

/** How a kind of land is shaped: heights in units, `rough` 0..1. */
interface Shape {
  readonly layers: number;
  readonly swing: number;
  readonly rough: number;
  readonly octaves: number;
  readonly length: number;
  readonly sharp: boolean;
}

const HILLS: Shape = { layers: 6, swing: 84, rough: 0.34, octaves: 3, length: 420, sharp: false };
const MOUNTAINS: Shape = { layers: 6, swing: 300, rough: 0.42, octaves: 6, length: 390, sharp: true };
const DUNES: Shape = { layers: 5, swing: 100, rough: 0.2, octaves: 2, length: 520, sharp: false };
const WOODS: Shape = { layers: 6, swing: 70, rough: 0.4, octaves: 3, length: 380, sharp: false };

/** The kinds of land that differ only in shape and growth. */
export type LandKind = 'hills' | 'mountains' | 'desert' | 'forest';

const SHAPES: Record<LandKind, Shape> = { hills: HILLS, mountains: MOUNTAINS, desert: DUNES, forest: WOODS };

/** Paints layered land under its sky; answers the height line of the nearest ground but one, where things may stand. */
export function paintLand(stage: Stage, kind: LandKind): (x: number) => number {
  const { paper, dice, palette, reading, window } = stage;
  const horizon = dice.between('horizon', 430, 590);
  const sun = paintSky(stage, horizon + 60);
  const shape = SHAPES[kind];
  const bottom = Math.max(window.y + window.h, 1000) + 30;
  const ground = landColours(stage, kind);
  let stand: (x: number) => number = () => 800;
  for (let layer = 0; ; layer += 1) {
    const depth = layer / (shape.layers - 1);
    const base = horizon + (1010 - horizon) * (0.06 + 0.86 * depth ** 1.35);
    // A window that looks further down, as a zoom does, sees more ground come nearer.
    if (layer >= shape.layers && base > window.y + window.h) break;
    const height = ridge(stage, shape, layer, depth, base);
    const near = Math.min(1, depth);
    const colour = mix(ground.far, ground.near, near ** 0.85);
    const lit = mix(colour, palette.glow, palette.dark ? 0.16 * (1 - near) + 0.04 : 0.24 * (1 - near * 0.7));
    const top = base - shape.swing * (1.05 - 0.6 * near);
    if (
      kind === 'forest' ||
      (kind !== 'desert' && layer >= (shape.sharp ? 4 : 2) && dice.chance(`grown-${layer}`, 0.62))
    ) {
      paintGrove(stage, {
        height,
        depth,
        layer,
        colour: reading.snow
          ? mix(palette.far, palette.near, Math.min(0.85, 0.3 + 0.55 * depth))
          : mix(colour, ground.near, 0.18),
        dense: kind === 'forest' ? 0.95 : 0.36,
      });
    }
    paper.shape(
      under(window, bottom, height, shape.sharp ? 4 : 7),
      paper.vertical(top, base + 190 + 120 * depth, [
        [0, lit],
        [0.45, colour],
        [1, layer >= shape.layers - 1 ? lighter(colour, -0.06) : mix(colour, ground.far, 0.5)],
      ]),
    );
    if (shape.sharp && layer < 4 && (reading.snow || dice.chance('caps', 0.65))) {
      paintCaps(stage, height, base - shape.swing * (0.42 - 0.3 * depth), depth);
    }
    if (layer < shape.layers - 1) paintHaze(stage, base + 40 + 40 * depth, 0.42 * (1 - depth), ground.far);
    if (layer === shape.layers - 2) stand = height;
  }
  const reach = 700;
  paper.disc(
    sun.x,
    sun.y,
    reach,
    paper.radial(sun.x, sun.y, reach, [
      [0, palette.glow, 0.2],
      [1, palette.glow, 0],
    ]),
  );
  return stand;
}

function landColours({ palette, reading, dice }: Stage, kind: LandKind): { far: Lch; near: Lch } {
  if (reading.colourless && reading.hues.length === 0) return { far: palette.far, near: palette.near };
  if (reading.snow) {
    const white = lch(palette.dark ? 0.6 : 0.97, 0.02, 240);
    return {
      far: mix(palette.far, lch(palette.dark ? 0.36 : 0.8, 0.05, 245), 0.6),
      near: mix(palette.near, white, palette.dark ? 0.6 : 0.94),
    };
  }
  if (kind === 'desert' && reading.hues.length === 0) {
    return { far: mix(palette.far, lch(0.8, 0.09, 65), 0.75), near: mix(palette.near, lch(0.5, 0.12, 48), 0.7) };
  }
  if (kind === 'forest' && reading.hues.length === 0) {
    return { far: mix(palette.far, lch(0.72, 0.06, 170), 0.4), near: mix(palette.near, lch(0.2, 0.06, 165), 0.65) };
  }
  const green = reading.hues.length === 0 && dice.chance('green', 0.5) ? 0.4 : 0;
  return { far: palette.far, near: mix(palette.near, lch(palette.dark ? 0.2 : 0.42, 0.08, 145), green) };
}

function ridge(stage: Stage, shape: Shape, layer: number, depth: number, base: number): (x: number) => number {
  const line = stage.dice.curve(`ridge-${layer}`, shape.octaves, shape.rough);
  const length = shape.length * (0.75 + 0.7 * depth);
  const swing = shape.swing * (1.05 - (shape.sharp ? 0.72 : 0.35) * Math.min(1, depth));
  const offset = layer * 913;
  return (x) => {
    const raw = line((x + offset) / length);
    return base - swing * (shape.sharp ? Math.max(0, 1 - Math.abs(raw) * 1.5) ** 2 * 1.5 - 0.35 : raw);
  };
}

function paintCaps(
  { paper, window, palette }: Stage,
  height: (x: number) => number,
  snowline: number,
  depth: number,
): void {
  const edge = (x: number): number => snowline + Math.sin(x / 17) * 11 + Math.sin(x / 7.3) * 6;
  const white = mix(lch(palette.dark ? 0.82 : 0.98, 0.015, palette.skyMid.h), palette.glow, 0.3);
  const points: string[] = [];
  let open = false;
  const left = window.x - 20;
  for (let x = left; x <= window.x + window.w + 20; x += 4) {
    const top = height(x);
    if (top < edge(x)) {
      points.push(`${open ? 'L' : 'M'}${x.toFixed(1)},${top.toFixed(1)}`);
      open = true;
    } else if (open) {
      open = false;
    }
  }
  const caps = points.join('').split('M').filter(Boolean);
  for (const cap of caps) {
    const line = cap.split('L');
    const back = line.map((point) => Number(point.split(',')[0])).reverse();
    const lower = back.map((x) => `L${x.toFixed(1)},${edge(x).toFixed(1)}`).join('');
    paper.shape(`M${cap}${lower}Z`, hex(white), 0.75 - 0.35 * depth);
  }
}

function paintHaze({ paper, palette, window }: Stage, y: number, opacity: number, far: Lch): void {
  if (opacity <= 0.02) return;
  const colour = mix(far, palette.skyLow, 0.6);
  const thick = 130;
  paper.rectangle(
    window.x - 5,
    y - thick,
    window.w + 10,
    thick * 2,
    paper.vertical(y - thick, y + thick, [
      [0, colour, 0],
      [0.6, colour, opacity],
      [1, colour, 0],
    ]),
  );
}

/** Falling snow or rain over everything. */
export function paintWeather({ paper, dice, reading, window, palette }: Stage): void {
  if (!reading.snow && !reading.rain) return;
  const size = 58;
  const light = hex(lighter(palette.glow, 0.05));
  for (const column of cells(window, size)) {
    for (let row = Math.floor(window.y / size) - 1; row * size < window.y + window.h; row += 1) {
      const own = dice.at('drop', column * 5003 + row);
      const x = (column + own.roll('x')) * size;
      const y = (row + own.roll('y')) * size;
      if (reading.snow) paper.disc(x, y, 1 + own.roll('size') ** 4 * 7, light, 0.35 + own.roll('bright') * 0.5);
      else if (own.chance('there', 0.8))
        paper.stroke(
          `M${x.toFixed(1)},${y.toFixed(1)}l-7,${(28 + own.roll('long') * 30).toFixed(0)}`,
          light,
          1.4,
          0.28,
        );
    }
  }
}
