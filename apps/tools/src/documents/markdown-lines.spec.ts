import { sentence, wrapLines } from './markdown-lines.js';

describe('lines of a generated document', () => {
  it('have 120 characters at most, and stand below the beginning of their text', () => {
    const lines = wrapLines('word '.repeat(60), '- ').split('\n');
    expect(lines.every((line) => line.length <= 120)).toBe(true);
    expect(lines.map((line) => line.slice(0, 3))).toEqual(['- w', '  w', '  w']);
  });

  it('break neither code nor links', () => {
    const text = `${'x'.repeat(110)} \`npm run chaos -- kill\` and [a long name](../there.md)`;
    expect(wrapLines(text).split('\n')).toEqual([
      'x'.repeat(110),
      '`npm run chaos -- kill` and [a long name](../there.md)',
    ]);
  });

  it.each(['-', '+', '1.', '#'])('do not begin with %s, which would be a marker', (marker) => {
    expect(wrapLines(`${'x'.repeat(119)} ${marker} y`)).toBe(`${'x'.repeat(119)} ${marker}\ny`);
  });

  it('end their sentences once', () => {
    expect([sentence('a'), sentence('a.'), sentence('a…')]).toEqual(['a.', 'a.', 'a…']);
  });
});
