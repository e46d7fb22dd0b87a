import { randomBytes } from 'node:crypto';
import { SecretBox } from './secret-box.js';

describe('SecretBox', () => {
  const box = new SecretBox(randomBytes(32));

  it('opens what it sealed, and no two seals look alike', () => {
    const first = box.seal('whsec_abc');
    const second = box.seal('whsec_abc');
    expect(box.open(first)).toBe('whsec_abc');
    expect(first.equals(second)).toBe(false);
    expect(first.includes('whsec_abc')).toBe(false);
  });

  it('refuses changed bytes and another key', () => {
    const sealed = box.seal('secret');
    const changed = Buffer.from(sealed);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(() => box.open(changed)).toThrow();
    expect(() => new SecretBox(randomBytes(32)).open(sealed)).toThrow();
  });

  it('verifies a MAC for its purpose only', () => {
    const mac = box.mac('push', '6240000000000001');
    expect(box.verifies('push', '6240000000000001', mac)).toBe(true);
    expect(box.verifies('push', '6240000000000002', mac)).toBe(false);
    expect(box.verifies('cursor', '6240000000000001', mac)).toBe(false);
    expect(box.verifies('push', '6240000000000001', '')).toBe(false);
  });

  it('wants 32 bytes', () => {
    expect(() => new SecretBox(Buffer.alloc(16))).toThrow(/32 bytes/);
  });
});
