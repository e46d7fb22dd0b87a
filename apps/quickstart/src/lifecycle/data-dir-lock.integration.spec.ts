import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lockDataDir } from './data-dir-lock.js';
import { identify } from './processes.js';

describe('lockDataDir', () => {
  let dir: string;
  const children: ChildProcess[] = [];

  const sleeper = async (): Promise<ChildProcess & { pid: number }> => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    children.push(child);
    return child as ChildProcess & { pid: number };
  };
  const end = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const writeLock = (content: unknown): void => writeFileSync(join(dir, 'quickstart.lock'), JSON.stringify(content));

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'journeyman-lock-'));
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map(end));
    rmSync(dir, { recursive: true });
  });

  it('keeps a second one out until it is released', async () => {
    const lock = await lockDataDir(dir);
    await expect(lockDataDir(dir)).rejects.toThrow(`Another quickstart (pid ${process.pid}) already runs on ${dir}`);
    await lock.release();
    expect(readdirSync(dir)).toEqual([]);
    await (await lockDataDir(dir)).release();
  });

  it('lets one of many that race have it', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDir(dir)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes over from a process that is gone', async () => {
    const owner = await sleeper();
    writeLock({ owner: identify(owner.pid), children: [] });
    await end(owner);
    await expect(lockDataDir(dir)).resolves.toMatchObject({ leftBehind: [] });
  });

  it('takes over when another process has the number now', async () => {
    const other = await sleeper();
    writeLock({ owner: { ...identify(other.pid), startedAt: 'another boot/1' }, children: [] });
    await expect(lockDataDir(dir)).resolves.toMatchObject({ leftBehind: [] });
  });

  it('takes over a file that is no lock', async () => {
    writeFileSync(join(dir, 'quickstart.lock'), 'garbage');
    await (await lockDataDir(dir)).release();
    expect(existsSync(join(dir, 'quickstart.lock'))).toBe(false);
  });

  it('names the children of a killed run that still live', async () => {
    const [owner, ended, living] = [await sleeper(), await sleeper(), await sleeper()];
    const named = (name: string, pid: number) => ({ name, ...identify(pid) });
    writeLock({ owner: identify(owner.pid), children: [named('simulator', ended.pid), named('gateway', living.pid)] });
    await Promise.all([end(owner), end(ended)]);
    const lock = await lockDataDir(dir);
    expect(lock.leftBehind).toEqual([named('gateway', living.pid)]);
  });
});
