import { randomBytes } from 'node:crypto';

import { completeKeys, parseKeys } from './made-keys.js';

describe('completeKeys', () => {
  it('makes keys of the promised shapes', () => {
    const keys = completeKeys({}, randomBytes);
    expect(Buffer.from(keys.secretKey, 'base64')).toHaveLength(32);
    expect(keys.apiKey).toMatch(/^sk-[0-9A-Za-z]{43}$/);
    expect(keys.adminKey).toMatch(/^adm-[0-9A-Za-z]{43}$/);
    expect(keys.webhookSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(keys.simulatorSecret).toMatch(/^[0-9A-Za-z]{43}$/);
    expect(new Set(Object.values(keys)).size).toBe(5);
  });

  it('keeps what is there and makes only the rest', () => {
    const keys = completeKeys({ secretKey: 'kept', adminKey: 'adm-kept' }, randomBytes);
    expect(keys).toMatchObject({ secretKey: 'kept', adminKey: 'adm-kept' });
    expect(keys.apiKey).toMatch(/^sk-/);
  });

  it('draws every character equally often: bytes from 248 on are thrown away', () => {
    const draws = [Buffer.alloc(64, 255), Buffer.alloc(64, 248), Buffer.alloc(64, 61)];
    const random = (size: number): Buffer => (size === 32 ? Buffer.alloc(32) : (draws.shift() ?? Buffer.alloc(64, 0)));
    expect(completeKeys({}, random).apiKey).toBe(`sk-${'z'.repeat(43)}`);
  });
});

describe('parseKeys', () => {
  it('takes the known entries that are texts', () => {
    expect(parseKeys('{"apiKey":"sk-1","adminKey":"","secretKey":5,"other":"x"}')).toEqual({ apiKey: 'sk-1' });
  });

  it.each(['', 'null', '[]', '"text"', '{'])('refuses %j', (text) => {
    expect(() => parseKeys(text)).toThrow();
  });
});
