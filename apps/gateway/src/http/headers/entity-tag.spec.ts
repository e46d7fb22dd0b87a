import { namesEtag } from './entity-tag.js';

describe('namesEtag', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['', false],
    [undefined, false],
  ])('%s', (header, expected) => {
    expect(namesEtag(header, '"a"')).toBe(expected);
  });
});
