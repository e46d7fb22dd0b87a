import fc from 'fast-check';
import { aspectOf, mayDrawMany } from './prompt-grid.js';

it.each([
  ['a fox', 1],
  ['a fox --ar 3:2', 1.5],
  ['a fox --aspect 16:9 --v 7', 16 / 9],
  ['a fox \u2014ar 2:1', 2],
  ['a fox --ar 3:2 a fox --ar 1:2', 0.5],
  ['a fox --ar 0:2', 1],
  ['a fox --ar 2:0', 1],
  ['a fox --art 2:1', 1],
  ['a fox--ar 2:1', 1],
])('pictures of "%s" are %d times as wide as high', (prompt, aspect) => {
  expect(aspectOf(prompt)).toBeCloseTo(aspect);
});

it.each([
  ['a fox', false],
  ['a fox --draft', true],
  ['a fox --draft --v 8.2', true],
  ['a fox --v 7 --draft', false],
  ['a fox --drafts', false],
  ['draft of a fox', false],
])('"%s" may give another grid than of four: %s', (prompt, is) => {
  expect(mayDrawMany(prompt)).toBe(is);
});

it('every text has a shape', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(aspectOf(`${text} --ar ${text}`)).toBeGreaterThan(0);
    }),
  );
});
