import type { Point, Sides } from '../pan-zoom/view-geometry.ts';

/** The part of a mask that something changed, in px; right and bottom are outside of it. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const MARKED = 255;

/**
 * Which px of a picture are marked: one byte for each, 255 or 0, row after row. There is nothing between the two, so that a mask
 * has no soft edge.
 */
export class MaskBitmap implements Sides {
  readonly bytes: Uint8Array<ArrayBuffer>;

  /** @param width px, of the picture itself */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.bytes = new Uint8Array(width * height);
  }

  /** The whole of it. */
  get area(): Area {
    return { left: 0, top: 0, right: this.width, bottom: this.height };
  }

  isMarked(x: number, y: number): boolean {
    return this.bytes[y * this.width + x] === MARKED;
  }

  /** Share of the picture that is marked, 0 to 1. */
  share(): number {
    let count = 0;
    for (const byte of this.bytes) if (byte === MARKED) count += 1;
    return this.bytes.length === 0 ? 0 : count / this.bytes.length;
  }

  clear(): Area {
    this.bytes.fill(0);
    return this.area;
  }

  invert(): Area {
    const { bytes } = this;
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = bytes[at] === MARKED ? 0 : MARKED;
    return this.area;
  }

  /** Marks, or takes away, a rectangle between two corners. */
  rectangle(one: Point, other: Point, isMarking: boolean): Area {
    const area = this.kept({
      left: Math.round(Math.min(one.x, other.x)),
      top: Math.round(Math.min(one.y, other.y)),
      right: Math.round(Math.max(one.x, other.x)),
      bottom: Math.round(Math.max(one.y, other.y)),
    });
    for (let y = area.top; y < area.bottom; y += 1) this.row(y, area.left, area.right, isMarking);
    return area;
  }

  /** Marks what a round brush covers on its way between two points. @param radius px */
  stroke(from: Point, to: Point, radius: number, isMarking: boolean): Area {
    const area = this.kept({
      left: Math.floor(Math.min(from.x, to.x) - radius),
      top: Math.floor(Math.min(from.y, to.y) - radius),
      right: Math.ceil(Math.max(from.x, to.x) + radius) + 1,
      bottom: Math.ceil(Math.max(from.y, to.y) + radius) + 1,
    });
    for (let y = area.top; y < area.bottom; y += 1) {
      const span = spanOfStroke(from, to, radius, y + 0.5);
      if (span !== null) this.row(y, Math.round(span[0]), Math.round(span[1]), isMarking);
    }
    return area;
  }

  /** Marks what a closed line encloses; what it encloses twice, as a figure of eight within itself, is left out (even-odd). */
  polygon(points: readonly Point[], isMarking: boolean): Area {
    const xs = points.map(({ x }) => x);
    const ys = points.map(({ y }) => y);
    if (points.length < 3) return { left: 0, top: 0, right: 0, bottom: 0 };
    const area = this.kept({
      left: Math.floor(Math.min(...xs)),
      top: Math.floor(Math.min(...ys)),
      right: Math.ceil(Math.max(...xs)),
      bottom: Math.ceil(Math.max(...ys)),
    });
    for (let y = area.top; y < area.bottom; y += 1) {
      const crossings = crossingsOf(points, y + 0.5);
      for (let at = 0; at + 1 < crossings.length; at += 2) {
        this.row(y, Math.round(crossings[at] ?? 0), Math.round(crossings[at + 1] ?? 0), isMarking);
      }
    }
    return area;
  }

  private row(y: number, from: number, to: number, isMarking: boolean): void {
    const start = y * this.width;
    const left = Math.min(Math.max(from, 0), this.width);
    const right = Math.min(Math.max(to, left), this.width);
    this.bytes.fill(isMarking ? MARKED : 0, start + left, start + right);
  }

  private kept({ left, top, right, bottom }: Area): Area {
    const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
    return {
      left: within(left, this.width),
      top: within(top, this.height),
      right: within(right, this.width),
      bottom: within(bottom, this.height),
    };
  }
}

/** Where a row is covered by a brush between two points: two discs, and the band between them; null: nowhere. */
function spanOfStroke(from: Point, to: Point, radius: number, y: number): [number, number] | null {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const cover = (x: number): void => {
    left = Math.min(left, x);
    right = Math.max(right, x);
  };
  for (const end of [from, to]) {
    const half = radius * radius - (y - end.y) ** 2;
    if (half < 0) continue;
    cover(end.x - Math.sqrt(half));
    cover(end.x + Math.sqrt(half));
  }
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length > 0) {
    const across = { x: (-(to.y - from.y) / length) * radius, y: ((to.x - from.x) / length) * radius };
    const band = [
      { x: from.x + across.x, y: from.y + across.y },
      { x: to.x + across.x, y: to.y + across.y },
      { x: to.x - across.x, y: to.y - across.y },
      { x: from.x - across.x, y: from.y - across.y },
    ];
    for (const x of crossingsOf(band, y)) cover(x);
  }
  return left < right ? [left, right] : null;
}

/** Where a row crosses a closed line, from left to right. */
function crossingsOf(points: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  let before = points.at(-1);
  for (const point of points) {
    if (before !== undefined && before.y <= y !== point.y <= y) {
      crossings.push(before.x + ((y - before.y) / (point.y - before.y)) * (point.x - before.x));
    }
    before = point;
  }
  return crossings.sort((one, other) => one - other);
}
