import { MaskBitmap } from './mask-bitmap.ts';

const drawn = (bitmap: MaskBitmap): string[] =>
  Array.from({ length: bitmap.height }, (_, y) =>
    Array.from({ length: bitmap.width }, (_, x) => (bitmap.isMarked(x, y) ? '#' : '.')).join(''),
  );

describe('MaskBitmap', () => {
  it('marks a rectangle between two corners, in whichever order they come', () => {
    const bitmap = new MaskBitmap(6, 4);
    expect(bitmap.rectangle({ x: 5, y: 3 }, { x: 2, y: 1 }, true)).toEqual({ left: 2, top: 1, right: 5, bottom: 3 });
    expect(drawn(bitmap)).toEqual(['......', '..###.', '..###.', '......']);
    expect(bitmap.share()).toBe(0.25);
  });

  it('takes away what an eraser covers, and what lies outside of the picture is no matter', () => {
    const bitmap = new MaskBitmap(4, 3);
    bitmap.rectangle({ x: -9, y: -9 }, { x: 99, y: 99 }, true);
    bitmap.rectangle({ x: 1, y: 1 }, { x: 3, y: 9 }, false);
    expect(drawn(bitmap)).toEqual(['####', '#..#', '#..#']);
  });

  it('has a round brush', () => {
    const bitmap = new MaskBitmap(7, 7);
    bitmap.stroke({ x: 3.5, y: 3.5 }, { x: 3.5, y: 3.5 }, 2.5, true);
    expect(drawn(bitmap)).toEqual(['.......', '..###..', '.#####.', '.#####.', '.#####.', '..###..', '.......']);
  });

  it.each([
    [
      { x: 10, y: 10 },
      { x: 50, y: 30 },
    ],
    [
      { x: 50, y: 30 },
      { x: 10, y: 55 },
    ],
    [
      { x: 20, y: 5 },
      { x: 20, y: 60 },
    ],
    [
      { x: -20, y: 40 },
      { x: 90, y: 44 },
    ],
  ])('covers just what is within the radius of the way from %j to %j', (from, to) => {
    const bitmap = new MaskBitmap(64, 64);
    const radius = 6;
    bitmap.stroke(from, to, radius, true);
    const wrong: string[] = [];
    for (let y = 0; y < 64; y += 1) {
      for (let x = 0; x < 64; x += 1) {
        const away = distanceToWay({ x: x + 0.5, y: y + 0.5 }, from, to);
        if (away < radius - 1 && !bitmap.isMarked(x, y)) wrong.push(`hole at ${x},${y}`);
        if (away > radius + 1 && bitmap.isMarked(x, y)) wrong.push(`too much at ${x},${y}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('fills a lasso, and leaves out what it encloses twice', () => {
    const bitmap = new MaskBitmap(8, 6);
    const outer = [
      { x: 1, y: 1 },
      { x: 7, y: 1 },
      { x: 7, y: 5 },
      { x: 1, y: 5 },
    ];
    bitmap.polygon(outer, true);
    expect(drawn(bitmap)).toEqual(['........', '.######.', '.######.', '.######.', '.######.', '........']);
    bitmap.clear();
    bitmap.polygon(
      [...outer, { x: 1, y: 1 }, { x: 3, y: 2 }, { x: 5, y: 2 }, { x: 5, y: 4 }, { x: 3, y: 4 }, { x: 3, y: 2 }],
      true,
    );
    expect(bitmap.isMarked(4, 3)).toBe(false);
    expect(bitmap.isMarked(6, 3)).toBe(true);
  });

  it('fills nothing for a line that encloses nothing', () => {
    const bitmap = new MaskBitmap(8, 6);
    bitmap.polygon(
      [
        { x: 1, y: 1 },
        { x: 7, y: 1 },
      ],
      true,
    );
    expect(bitmap.share()).toBe(0);
  });

  it('turns inside out', () => {
    const bitmap = new MaskBitmap(3, 1);
    bitmap.rectangle({ x: 0, y: 0 }, { x: 1, y: 1 }, true);
    bitmap.invert();
    expect(drawn(bitmap)).toEqual(['.##']);
  });
});

function distanceToWay(
  at: { x: number; y: number },
  from: { x: number; y: number },
  to: { x: number; y: number },
): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = Math.min(Math.max(((at.x - from.x) * dx + (at.y - from.y) * dy) / (dx * dx + dy * dy), 0), 1);
  return Math.hypot(at.x - from.x - along * dx, at.y - from.y - along * dy);
}
