import { charsetOf } from './body-charset.js';

describe('the charset of a content type', () => {
  it.each([
    ['application/json', null],
    [undefined, null],
    ['application/json; charset=utf-8', 'utf-8'],
    ['application/json;charset="UTF-8"', 'utf-8'],
    ['application/json; a=b; Charset = utf-16le; c=d', 'utf-16le'],
    ['application/json; charset=', null],
    ['multipart/form-data; boundary=x', null],
  ])('%s: %s', (contentType, charset) => {
    expect(charsetOf(contentType)).toBe(charset);
  });
});
