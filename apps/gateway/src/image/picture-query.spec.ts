import { parseQuery } from './picture-query.js';

describe('parseQuery', () => {
  it.each([
    [{}, { width: null, format: null }],
    [
      { w: '', format: '' },
      { width: null, format: null },
    ],
    [{ w: '300' }, { width: 512, format: null }],
    [
      { w: 2_048, format: 'webp' },
      { width: 2_048, format: 'webp' },
    ],
    [{ format: 'jpeg' }, { width: null, format: 'jpeg' }],
  ])('%p', (query, expected) => {
    expect(parseQuery(query)).toEqual(expected);
  });

  it.each(['0', '-1', '1.5', '2049', '99999', 'abc', '1e2', ' 5', ['1', '2'], { a: '1' }, null])(
    'refuses w=%p',
    (w) => {
      expect(() => parseQuery({ w })).toThrow('width_is_invalid');
    },
  );

  it.each(['gif', 'svg', 'WEBP', 'jpg', '__proto__', ['webp', 'png'], null])('refuses format=%p', (format) => {
    expect(() => parseQuery({ format })).toThrow('format_is_invalid');
  });
});
