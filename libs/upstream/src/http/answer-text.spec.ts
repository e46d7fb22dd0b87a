import { toUtf8 } from './answer-text.js';

const TEXT = '{"description":"余额不足"}';
const GBK = Buffer.from([0x22, 0xd3, 0xe0, 0xb6, 0xee, 0x22]);
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

describe('a body', () => {
  it.each([
    ['plain', Buffer.from(TEXT), 'application/json', TEXT],
    ['without a type', Buffer.from(TEXT), undefined, TEXT],
    ['with a mark', Buffer.from(`\ufeff${TEXT}`), 'application/json; charset=utf-8', TEXT],
    ['UTF-16 with a mark', utf16(`\ufeff${TEXT}`), undefined, TEXT],
    ['UTF-16, the other way round', utf16(`\ufeff${TEXT}`).swap16(), undefined, TEXT],
    ['UTF-16 by its header', utf16(TEXT), 'application/json;charset=UTF-16LE', TEXT],
    ['GBK', GBK, 'text/plain; charset="GBK"', '"余额"'],
    ['UTF-8 that is called something else', Buffer.from(TEXT), 'application/json; charset=ISO-8859-1', TEXT],
    ['empty', Buffer.alloc(0), 'application/json; charset=gbk', ''],
  ])('is read: %s', (_, body, type, text) => {
    expect(toUtf8(body, type).toString('utf8')).toBe(text);
  });

  it('of more than any answer has in another charset stays as it is', () => {
    const body = utf16(`\ufeff${'長'.repeat(600_000)}`);
    expect(toUtf8(body, undefined)).toEqual(body);
  });

  it.each(['klingon', 'x'.repeat(100)])('in an unknown charset stays as it is: %s', (charset) => {
    expect(toUtf8(GBK, `text/plain; charset=${charset}`)).toEqual(GBK);
  });
});
