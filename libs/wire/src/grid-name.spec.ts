import fc from 'fast-check';
import { gridName, gridPlaces } from './grid-name.js';

it('the name of a composed grid says which pictures it has, and where', () => {
  expect(gridName([true, true, false, true])).toBe('grid:1,2,-,4');
  expect(gridPlaces('grid:1,2,-,4')).toEqual([1, 2, null, 4]);
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1 }), (shown) => {
      expect(gridPlaces(gridName(shown))).toEqual(shown.map((is, at) => (is ? at + 1 : null)));
    }),
  );
});

it.each(['', 'https://up.test/grid:1.png', 'data:sha256,00', '/grid:1,2'])('"%s" names none', (link) => {
  expect(gridPlaces(link)).toBeNull();
});
