import { MaskBitmap } from './mask-bitmap.ts';
import { afterMark, applyMark, EMPTY_HISTORY, redone, replay, undone, type Mark } from './mask-history.ts';

const box = (x: number): Mark => ({ kind: 'rectangle', isMarking: true, from: { x, y: 0 }, to: { x: x + 1, y: 1 } });

describe('a mask’s history', () => {
  it('undoes and does again in order, and forgets what was undone once something new is done', () => {
    let history = afterMark(afterMark(EMPTY_HISTORY, box(0)), box(1));
    history = undone(history);
    expect(history).toEqual({ done: [box(0)], undone: [box(1)] });
    expect(redone(history)).toEqual({ done: [box(0), box(1)], undone: [] });
    expect(afterMark(history, box(2))).toEqual({ done: [box(0), box(2)], undone: [] });
  });

  it('has nothing to undo or to do again at its ends', () => {
    expect(undone(EMPTY_HISTORY)).toBe(EMPTY_HISTORY);
    expect(redone(EMPTY_HISTORY)).toBe(EMPTY_HISTORY);
  });

  it('makes the same mask anew as was made step by step', () => {
    const marks: Mark[] = [
      box(0),
      { kind: 'clear' },
      {
        kind: 'stroke',
        isMarking: true,
        radius: 3,
        points: [
          { x: 4, y: 4 },
          { x: 12, y: 8 },
          { x: 3, y: 14 },
        ],
      },
      {
        kind: 'lasso',
        isMarking: true,
        points: [
          { x: 8, y: 1 },
          { x: 15, y: 1 },
          { x: 12, y: 14 },
        ],
      },
      { kind: 'invert' },
      { kind: 'stroke', isMarking: false, radius: 2, points: [{ x: 8, y: 8 }] },
    ];
    const stepwise = new MaskBitmap(16, 16);
    for (const mark of marks) applyMark(stepwise, mark);
    const anew = new MaskBitmap(16, 16);
    anew.invert();
    replay(anew, { done: marks, undone: [] });
    expect(anew.bytes).toEqual(stepwise.bytes);
    expect(anew.share()).toBeGreaterThan(0);
  });
});
