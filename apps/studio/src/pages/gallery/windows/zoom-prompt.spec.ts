import { withZoom, zoomOf } from './zoom-prompt.ts';

describe('zoomOf', () => {
  it.each([
    ['a fox --ar 3:2 --zoom 1.5', 1.5],
    ['--zoom 2', 2],
    ['a fox --zoom 1.2 --zoom 1.8', 1.8],
    ['a fox', null],
    ['a fox --zoom', null],
    ['a fox --zoom 3', null],
    ['a fox --zoomed 1.5', null],
    ['a fox--zoom 1.5', null],
  ])('%j: %p', (prompt, factor) => {
    expect(zoomOf(prompt)).toBe(factor);
  });
});

describe('withZoom', () => {
  it.each([
    ['a fox --zoom 2 --ar 3:2', 1.25, 'a fox --zoom 1.25 --ar 3:2'],
    ['a fox', 1.5, 'a fox --zoom 1.5'],
    ['', 1.5, '--zoom 1.5'],
    ['a fox --zoom', 1.7, 'a fox --zoom 1.7'],
    ['a fox --zoom 1.2 --ar 1:1 --zoom 1.8', 1, 'a fox --ar 1:1 --zoom 1'],
    ['a fox', 1.1500000000000001, 'a fox --zoom 1.15'],
  ])('%j with %p is %j', (prompt, factor, wanted) => {
    expect(withZoom(prompt, factor)).toBe(wanted);
  });
});
