import { boxesBetween, gridShape, layOut, neighbour } from './grid-layout.ts';

const ids = (count: number): string[] => Array.from({ length: count }, (_none, at) => String(at));
const ratioOf = (id: string): number => [1, 1.5, 0.75, 1.78][Number(id) % 4] ?? 1;

describe('layOut', () => {
  it.each([328, 700, 1_160])('fills %d px exactly with whole rows, and never overlaps', (width) => {
    const shape = gridShape(width);
    const { boxes, height } = layOut(ids(200), ratioOf, shape);
    expect(boxes.map(({ id }) => id)).toEqual(ids(200));
    for (const [at, box] of boxes.entries()) {
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      const next = boxes[at + 1];
      if (next === undefined) continue;
      if (next.y === box.y) expect(next.x).toBe(box.x + box.width + shape.gap);
      else if (width >= 520) expect(box.x + box.width).toBe(width);
    }
    const bottom = Math.max(...boxes.map(({ y, height: own }) => y + own + shape.foot));
    expect(height).toBe(bottom);
  });

  it('moves nothing of complete rows when more comes', () => {
    const shape = gridShape(1_160);
    const before = layOut(ids(100), ratioOf, shape).boxes;
    const after = layOut(ids(150), ratioOf, shape).boxes;
    expect(after.slice(0, 90)).toEqual(before.slice(0, 90));
  });

  it('is empty for nothing', () => {
    expect(layOut([], ratioOf, gridShape(700))).toEqual({ boxes: [], height: 0 });
  });
});

describe('boxesBetween', () => {
  it('gives what reaches into the stretch, and no more', () => {
    const shape = gridShape(1_160);
    const { boxes } = layOut(ids(5_000), ratioOf, shape);
    const shown = boxesBetween(boxes, 10_000, 11_000, shape.foot);
    expect(shown).toEqual(boxes.filter(({ y, height }) => y + height + shape.foot >= 10_000 && y <= 11_000));
    expect(shown.length).toBeLessThan(30);
  });
});

describe('neighbour', () => {
  const { boxes } = layOut(ids(40), ratioOf, gridShape(1_160));
  it('goes to the next and the last', () => {
    expect(neighbour(boxes, 3, 'ArrowRight')).toBe(4);
    expect(neighbour(boxes, 0, 'ArrowLeft')).toBeNull();
    expect(neighbour(boxes, 3, 'End')).toBe(39);
  });

  it('goes down and up to a card of the next row', () => {
    const below = neighbour(boxes, 0, 'ArrowDown') ?? 0;
    expect(boxes[below]?.y).toBeGreaterThan(0);
    expect(boxes[below]?.x).toBe(0);
    expect(neighbour(boxes, below, 'ArrowUp')).toBe(0);
    expect(neighbour(boxes, 0, 'ArrowUp')).toBeNull();
    expect(neighbour(boxes, 0, 'x')).toBeNull();
  });
});
