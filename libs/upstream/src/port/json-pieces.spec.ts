import { jsonPieces } from './json-pieces.js';
import { PictureText } from './picture-text.js';

const BASE64 = Buffer.from(Array.from({ length: 9_000 }, (_, at) => (at * 7 + (at >> 8)) % 256)).toString('base64');
const TEXT = `data:image/png;base64,${BASE64}`;
const picture = new PictureText('data:image/png;base64,', [
  Buffer.from(BASE64.slice(0, 5)),
  Buffer.from(BASE64.slice(5, 6)),
  Buffer.from(BASE64.slice(6)),
]);
const joined = (value: unknown): string => Buffer.concat(jsonPieces(value)).toString('utf8');

describe('jsonPieces', () => {
  it.each([
    ['nothing of it', { prompt: 'ein Füchslein "🦊"', mode: null, list: [1, 'a'] }],
    ['a field', { prompt: '"🦊"', left: undefined, base64: picture, after: { a: [null] } }],
    ['the first and last field', { a: picture, z: picture }],
    ['a list', { images: ['x', picture, picture, undefined, null] }],
    ['pairs in lists', [[['base64', picture]], 'FAST']],
    ['a picture alone', picture],
  ])('is what JSON.stringify makes of %s', (_, value) => {
    expect(joined(value)).toBe(JSON.stringify(value));
  });

  it('is one piece where there is no picture, and copies none', () => {
    expect(jsonPieces({ a: ['b'] })).toHaveLength(1);
    const pieces = jsonPieces({ base64: picture });
    expect(
      picture
        .toPieces()
        .slice(1)
        .every((piece) => pieces.includes(piece)),
    ).toBe(true);
  });
});

describe('PictureText', () => {
  it('is the text, and the bytes that it stands for', () => {
    const bytes = Buffer.from(BASE64, 'base64');
    expect(String(picture)).toBe(TEXT);
    expect([picture.length, picture.bytes]).toEqual([TEXT.length, bytes.length]);
    for (const [offset, length] of [
      [0, 1],
      [1, 4],
      [3, 5],
      [2, 4_096],
      [8_995, 10],
      [9_000, 1],
      [20_000, 5],
    ] as const) {
      expect(Buffer.from(picture.read(offset, length))).toEqual(bytes.subarray(offset, offset + length));
    }
  });

  it.each(['QUI=', 'QQ==', 'QUJD'])('%s: as many bytes as there are', (text) => {
    const pieces = [...text].map((letter) => Buffer.from(letter));
    expect(new PictureText('', pieces).bytes).toBe(Buffer.from(text, 'base64').length);
  });

  it('can have another head, and has no properties that code could walk through', () => {
    const renamed = picture.withHead('data:image/gif;base64,');
    expect(String(renamed)).toBe(TEXT.replace('png', 'gif'));
    expect(picture.withHead(picture.head)).toBe(picture);
    expect(Object.entries(picture)).toEqual([]);
  });
});
