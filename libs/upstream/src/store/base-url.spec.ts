import { baseUrlOf } from './base-url.js';

describe('the address of an upstream', () => {
  it.each([
    ['https://a.example', 'mj', 'https://a.example'],
    ['https://a.example/mj/', 'mj', 'https://a.example'],
    ['HTTPS://A.example:443/gate/MJ', 'mj', 'https://a.example/gate'],
    ['https://a.example/mj/mj', 'mj', 'https://a.example/mj'],
    ['https://a.example/v1/tob', 'v1/tob', 'https://a.example'],
    ['https://a.example/v1//tob//', 'v1/tob', 'https://a.example'],
    ['https://a.example/vendors/v1/tob', 'v1/tob', 'https://a.example/vendors'],
    ['https://a.example/tob', 'v1/tob', 'https://a.example/tob'],
    ['https://a.example/av1/tob', 'v1/tob', 'https://a.example/av1/tob'],
    ['https://a.example/api/v1/', 'v1', 'https://a.example/api'],
    ['https://a.example/api', 'v1', 'https://a.example/api'],
    ['https://a.example/v1/midjourney', 'v1/midjourney', 'https://a.example'],
    ['https://a.example/v1/', 'v1/midjourney', 'https://a.example'],
    ['https://a.example/midjourney', 'v1/midjourney', 'https://a.example/midjourney'],
  ])('%s of a kind whose routes begin with %s is kept as %s', (given, pathEnd, kept) => {
    expect(baseUrlOf(given, pathEnd)).toBe(kept);
  });

  it.each(['', 'a.example', 'ftp://a.example', 'https://me:secret@a.example'])('%j is none', (given) => {
    expect(baseUrlOf(given, 'mj')).toBeNull();
  });
});
