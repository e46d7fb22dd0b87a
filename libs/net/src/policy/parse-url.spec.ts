import { parseHttpUrl, parseUrl } from './parse-url.js';

describe('parseUrl', () => {
  it.each([
    ['https://up.test/a?b#c', undefined, 'https://up.test/a?b#c'],
    ['/a', 'https://up.test/b/c', 'https://up.test/a'],
    ['//up.test/a', 'http://other.test', 'http://up.test/a'],
    ['/a', undefined, null],
    ['', undefined, null],
    ['http://[::1', undefined, null],
  ])('reads %j beside %j', (text, base, expected) => {
    expect(parseUrl(text, base)?.href ?? null).toBe(expected);
  });

  it('reads letters of Latin-1 however often it is asked', () => {
    const refused = Array.from({ length: 100_000 }, () => parseUrl('https://bücher.test/é.png')).filter(
      (url) => url === null,
    );
    expect(refused).toHaveLength(0);
  });
});

describe('parseHttpUrl', () => {
  it.each([
    ['https://up.test/a', undefined, 'https://up.test/a'],
    ['HTTP://up.test', undefined, 'http://up.test/'],
    ['../a', 'https://up.test/b/c/d', 'https://up.test/b/a'],
    ['ftp://up.test/a', undefined, null],
    ['javascript:alert(1)', 'https://up.test', null],
    ['nothing', undefined, null],
  ])('reads %j beside %j', (text, base, expected) => {
    expect(parseHttpUrl(text, base)?.href ?? null).toBe(expected);
  });
});
