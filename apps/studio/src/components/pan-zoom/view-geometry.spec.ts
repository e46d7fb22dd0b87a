import { fitView, keptInFrame, onFrame, onPicture, pinched, zoomedAt } from './view-geometry.ts';

const picture = { width: 1000, height: 500 };
const frame = { width: 400, height: 400 };

describe('fitView', () => {
  it('shows the whole picture in the middle', () => {
    expect(fitView(picture, frame)).toEqual({ scale: 0.4, x: 0, y: 100 });
  });

  it('enlarges a small picture no more than it is told', () => {
    expect(fitView({ width: 100, height: 100 }, frame, 2)).toEqual({ scale: 2, x: 100, y: 100 });
  });

  it('has a view of a picture without sides', () => {
    expect(fitView({ width: 0, height: 0 }, frame).scale).toBe(1);
  });
});

describe('zoomedAt', () => {
  it('keeps what is under the pointer where it is', () => {
    const view = fitView(picture, frame);
    const at = { x: 40, y: 130 };
    const near = zoomedAt(view, at, 3, 0.4);
    expect(near.scale).toBeCloseTo(1.2);
    const before = onPicture(view, at);
    expect(onFrame(near, before).x).toBeCloseTo(at.x);
    expect(onFrame(near, before).y).toBeCloseTo(at.y);
  });

  it('goes no farther away than the whole picture, and no nearer than eightfold', () => {
    const view = fitView(picture, frame);
    expect(zoomedAt(view, { x: 0, y: 0 }, 0.1, 0.4).scale).toBe(0.4);
    expect(zoomedAt(view, { x: 0, y: 0 }, 1_000, 0.4).scale).toBe(8);
  });
});

describe('keptInFrame', () => {
  it('leaves no gap beside a side that is larger than the frame', () => {
    expect(keptInFrame({ scale: 1, x: 50, y: -400 }, picture, frame)).toEqual({ scale: 1, x: 0, y: -100 });
    expect(keptInFrame({ scale: 1, x: -900, y: -20 }, picture, frame)).toEqual({ scale: 1, x: -600, y: -20 });
  });

  it('puts a side that is smaller into the middle', () => {
    expect(keptInFrame({ scale: 0.4, x: 9, y: 9 }, picture, frame)).toEqual({ scale: 0.4, x: 0, y: 100 });
  });
});

describe('pinched', () => {
  it('grows as the fingers part, about the point between them', () => {
    const view = fitView(picture, frame);
    const before = [
      { x: 150, y: 200 },
      { x: 250, y: 200 },
    ] as const;
    const after = [
      { x: 110, y: 210 },
      { x: 310, y: 210 },
    ] as const;
    const near = pinched(view, before, after, 0.4);
    expect(near.scale).toBeCloseTo(0.8);
    const held = onPicture(view, { x: 200, y: 200 });
    expect(onFrame(near, held).x).toBeCloseTo(210);
    expect(onFrame(near, held).y).toBeCloseTo(210);
  });

  it('only moves where both fingers were at one point', () => {
    const view = fitView(picture, frame);
    const at = { x: 5, y: 5 };
    expect(pinched(view, [at, at], [at, { x: 50, y: 5 }], 0.4).scale).toBe(0.4);
  });
});
