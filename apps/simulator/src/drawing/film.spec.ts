import { WHOLE, type Canvas, type Clip } from './canvas.js';
import { viewAt } from './film.js';

const CANVAS: Canvas = { kind: 'scene', text: 'sea', given: [], view: WHOLE, aspect: 1, drifts: [], seed: 1 };
const clip = (loop: boolean): Clip => ({ from: CANVAS, motion: 'high', loop, frames: 25 });

describe('the frames of a film', () => {
  it('begin at its picture and glide away from it', () => {
    expect(viewAt(clip(false), 0)).toEqual(WHOLE);
    const views = [0, 8, 16, 24].map((at) => viewAt(clip(false), at).x);
    expect(views).toEqual([...views].sort((a, b) => a - b));
    expect(views[3]).toBeGreaterThan(0.1);
  });

  it('of a loop come back to it: the last one is followed by the first', () => {
    const x = (at: number): number => viewAt(clip(true), at).x;
    expect(x(25)).toBeCloseTo(x(0));
    expect(x(24)).toBeCloseTo(x(1));
    expect(x(12)).toBeGreaterThan(0.1);
  });
});
