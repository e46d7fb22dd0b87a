import type { Area } from './mask-bitmap.ts';
import { MaskDrawing } from './mask-drawing.ts';

const SIDES = { width: 40, height: 40 };
const WAY = { radius: 4, isErasing: false };

describe('MaskDrawing', () => {
  it('shows a brush while it moves, and undoes the whole stroke at once', () => {
    const drawing = new MaskDrawing(SIDES);
    const painted: Area[] = [];
    drawing.onPaint = (area) => painted.push(area);
    drawing.begin('brush', { x: 10, y: 10 }, WAY);
    drawing.extend([
      { x: 20, y: 10 },
      { x: 30, y: 10 },
    ]);
    expect(drawing.bitmap.isMarked(20, 10)).toBe(true);
    expect(painted).toHaveLength(3);
    drawing.finish();
    expect(drawing.history.value.done).toHaveLength(1);
    expect(drawing.share.value).toBeGreaterThan(0);
    drawing.undo();
    expect(drawing.share.value).toBe(0);
    drawing.redo();
    expect(drawing.bitmap.isMarked(30, 10)).toBe(true);
  });

  it('marks a rectangle when it ends, and not before', () => {
    const drawing = new MaskDrawing(SIDES);
    drawing.begin('rectangle', { x: 0, y: 0 }, WAY);
    drawing.extend([{ x: 20, y: 40 }]);
    expect(drawing.bitmap.share()).toBe(0);
    drawing.finish();
    expect(drawing.share.value).toBe(0.5);
  });

  it('erases with the eraser, and with any tool that is told so', () => {
    const drawing = new MaskDrawing(SIDES);
    drawing.do({ kind: 'invert' });
    drawing.begin('eraser', { x: 5, y: 5 }, WAY);
    drawing.finish();
    drawing.begin('rectangle', { x: 20, y: 20 }, { radius: 1, isErasing: true });
    drawing.extend([{ x: 40, y: 40 }]);
    drawing.finish();
    expect([drawing.bitmap.isMarked(5, 5), drawing.bitmap.isMarked(30, 30)]).toEqual([false, false]);
  });

  it.each(['rectangle', 'lasso'] as const)('takes a click with the %s for nothing', (tool) => {
    const drawing = new MaskDrawing(SIDES);
    drawing.begin(tool, { x: 5, y: 5 }, WAY);
    drawing.finish();
    expect(drawing.history.value.done).toEqual([]);
  });

  it('gives up what is being drawn, as when a second finger comes down', () => {
    const drawing = new MaskDrawing(SIDES);
    drawing.do({ kind: 'rectangle', isMarking: true, from: { x: 0, y: 0 }, to: { x: 2, y: 2 } });
    drawing.begin('brush', { x: 20, y: 20 }, WAY);
    drawing.abandon();
    expect([drawing.bitmap.isMarked(20, 20), drawing.bitmap.isMarked(1, 1)]).toEqual([false, true]);
    expect(drawing.draft.value).toBeNull();
  });

  it('begins where it was left', () => {
    const first = new MaskDrawing(SIDES);
    first.do({ kind: 'invert' });
    expect(new MaskDrawing(SIDES, first.history.value).share.value).toBe(1);
  });
});
