import { newApiKey, prefixOf } from './api-key-secret.js';

describe('API key', () => {
  it('is sk- and 43 base62 characters, new each time', () => {
    const keys = new Set(Array.from({ length: 50 }, newApiKey));
    expect(keys.size).toBe(50);
    for (const key of keys) expect(key).toMatch(/^sk-[0-9A-Za-z]{43}$/);
  });

  it('shows at most half of itself', () => {
    expect(prefixOf('sk-abcdefghijklmnopqrstuv')).toBe('sk-abcdefgh');
    expect(prefixOf('secret')).toBe('sec');
  });
});
