import { Base64Text } from './base64-text.js';

const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));

describe('Base64Text', () => {
  it.each([1, 2, 3, 4, 49_151, 49_152, 49_153, 98_304, 200_000])('takes what stands for %d bytes', (length) => {
    const text = new Base64Text(bytes.subarray(0, length).toString('base64'));
    expect(text.isSound()).toBe(true);
    expect(text.bytes).toBe(length);
  });

  const long = bytes.toString('base64');
  const at = (place: number, text: string): string => long.slice(0, place) + text + long.slice(place + text.length);
  it.each([
    ['nothing', ''],
    ['a letter', 'A'],
    ['padding alone', '===='],
    ['too little padding', 'QQ='],
    ['no padding', 'QQ'],
    ['too much padding', 'QUI=='],
    ['three of padding', 'Q==='],
    ['padding inside', 'QQ==QUJD'],
    ['a blank', 'QU D'],
    ['a line break', 'QUJD\r\nQUJD\r\n'],
    ['the alphabet of URLs', 'QU-_'],
    ['letters that are none', 'QUÄD'],
    ['letters whose low byte is one', 'QUJ\u0141'],
    ['a percent sign', 'QUJD%3D%'],
    ['NUL', 'QUJ\u0000'],
    ['one wrong letter at the start', at(0, '!')],
    ['one wrong letter at the end of a piece', at(65_535, ' ')],
    ['one wrong letter at the start of a piece', at(65_536, '\n')],
    ['padding at the end of a piece', at(65_534, '==')],
    ['one wrong letter at the end', at(long.length - 5, '*')],
  ])('refuses %s', (_, text) => {
    expect(new Base64Text(text).isSound()).toBe(false);
  });

  it('reads any part', () => {
    const text = new Base64Text(long);
    for (const [offset, length] of [
      [0, 1],
      [1, 4],
      [2, 4_096],
      [65_535, 9],
      [199_998, 10],
      [200_000, 1],
      [300_000, 5],
    ] as const) {
      expect(Buffer.from(text.read(offset, length))).toEqual(bytes.subarray(offset, offset + length));
    }
  });
});
