import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keepKeys } from './key-file.js';

describe('keepKeys', () => {
  let dir: string;
  let path: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'journeyman-keys-'));
    path = join(dir, 'keys.json');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('makes a file that only this user may read, and finds the same keys again', async () => {
    const first = await keepKeys(path, randomBytes);
    expect(first.found).toBe(false);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await keepKeys(path, randomBytes)).toEqual({ keys: first.keys, found: true });
  });

  it('adds a missing key without touching the others, and closes a file that others could read', async () => {
    writeFileSync(path, JSON.stringify({ secretKey: 'kept', apiKey: 'sk-kept' }), { mode: 0o644 });
    const { keys } = await keepKeys(path, randomBytes);
    expect(keys).toMatchObject({ secretKey: 'kept', apiKey: 'sk-kept' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(keys);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves a damaged file as it is and says what to do', async () => {
    writeFileSync(path, '{"secretKey": "hal');
    await expect(keepKeys(path, randomBytes)).rejects.toThrow(/Repair it, or remove it/);
    expect(readFileSync(path, 'utf8')).toBe('{"secretKey": "hal');
  });
});
