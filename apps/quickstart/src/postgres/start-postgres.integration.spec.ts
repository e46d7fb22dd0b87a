import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { SYSTEM_PATH } from '../config/quickstart-config.js';
import { eventually, processStatus } from '../lifecycle/processes.js';
import { startPostgres, type EmbeddedPostgres, type PostgresOptions } from './start-postgres.js';
import { guardThrowaway } from './throwaway-guard.js';

const searchPath = SYSTEM_PATH;

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function holdPort(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return async () => {
    server.close();
    await once(server, 'close');
  };
}

/** A free port below those that the system gives to other tests while this one looks away. */
async function quietPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const release = await holdPort(port).catch(() => null);
    if (release === null) continue;
    await release();
    return port;
  }
}

/** One cluster for all: making one is the slow part, and each test leaves it stopped. */
describe('startPostgres', () => {
  let dir: string;
  let guard: { release(): void };
  const started: EmbeddedPostgres[] = [];

  const start = async (options: Partial<PostgresOptions> = {}): Promise<EmbeddedPostgres> => {
    const postgres = await startPostgres({ dir, database: 'journeyman', searchPath, ...options });
    started.push(postgres);
    return postgres;
  };
  const killHard = async (postgres: EmbeddedPostgres): Promise<void> => {
    process.kill(postgres.pid, 'SIGKILL');
    expect(await eventually(() => processStatus(postgres.pid) !== 'running', 10_000)).toBe(true);
  };

  beforeAll(async () => {
    dir = join(mkdtempSync(join(tmpdir(), 'journeyman-postgres-')), 'postgres');
    // For a run that is interrupted: no hook of jest runs then.
    guard = guardThrowaway(dir, join(dir, '..'), searchPath);
    const postgres = await start();
    expect(postgres.origin).toBe('made');
    await query(postgres.url, 'create table kept (n int); insert into kept values (7)');
    await postgres.stop();
  });
  afterEach(async () => {
    for (const postgres of started.splice(0)) await postgres.stop();
  });
  afterAll(() => {
    guard.release();
    rmSync(join(dir, '..'), { recursive: true, force: true });
  });

  it('listens on 127.0.0.1 alone, wants its password, and keeps UTF-8', async () => {
    const postgres = await start();
    expect(await query(postgres.url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(postgres.url, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
    expect(await query(postgres.url, 'show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    const guessed = new URL(postgres.url);
    guessed.password = 'guess';
    await expect(query(guessed.toString(), 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(postgres.home, 'cluster.json')).mode & 0o777).toBe(0o600);
  });

  it('comes back with its data on its port, and ends its process at a stop', async () => {
    const first = await start();
    await first.stop();
    expect(processStatus(first.pid)).not.toBe('running');
    expect(first.isRunning()).toBe(false);
    const second = await start();
    expect(second).toMatchObject({ origin: 'kept', port: first.port, url: first.url });
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('takes another port when its own is in use', async () => {
    const first = await start({ port: await quietPort() });
    await first.stop();
    const release = await holdPort(first.port);
    const second = await start();
    await release();
    expect(second.port).not.toBe(first.port);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('takes a fixed port or says that it cannot', async () => {
    const port = await quietPort();
    const release = await holdPort(port);
    await expect(start({ port })).rejects.toThrow(`EMBEDDED_POSTGRES_PORT ${port} cannot be used`);
    await release();
    expect(await start({ port })).toMatchObject({ port });
  });

  it('adopts the server of a run that was killed', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ origin: 'adopted', pid: first.pid, url: first.url });
    await second.stop();
    expect(processStatus(first.pid)).not.toBe('running');
  });

  it('replaces a left server that listens on another port than the wanted one', async () => {
    const first = await start();
    const free = await quietPort();
    const second = await start({ port: free });
    expect(second).toMatchObject({ origin: 'kept', port: free });
    expect(processStatus(first.pid)).not.toBe('running');
  });

  it('recovers from a server that was killed', async () => {
    const first = await start();
    await query(first.url, 'insert into kept values (8)');
    await killHard(first);
    const second = await start();
    expect(second.origin).toBe('kept');
    expect(await query(second.url, 'delete from kept where n = 8 returning n')).toEqual([{ n: 8 }]);
  });

  it('sees through a pid file whose number another process of this user has now', async () => {
    const first = await start();
    await killHard(first);
    const pidFile = join(first.home, 'data', 'postmaster.pid');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(other, 'spawn');
    try {
      writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(other.pid)));
      expect(await start()).toMatchObject({ origin: 'kept' });
      expect(other.exitCode ?? other.signalCode).toBeNull();
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
  });

  it('gives the cluster a new password when the old one was lost, also while its server still runs', async () => {
    const first = await start();
    rmSync(join(first.home, 'cluster.json'));
    const second = await start();
    expect(second.origin).toBe('kept');
    expect(new URL(second.url).password).not.toBe(new URL(first.url).password);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('says so when the cluster is of another PostgreSQL', async () => {
    const { home } = await start();
    await started.pop()?.stop();
    const file = join(home, 'data', 'PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '9\n');
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 9/);
    writeFileSync(file, version);
  });

  describe('throwaway', () => {
    let folder: string;
    const throwaway = () => startPostgres({ dir: folder, database: 'x', throwaway: true, searchPath });

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'journeyman-postgres-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('starts afresh after a first start that was killed half-way, and leaves no folder', async () => {
      mkdirSync(join(folder, 'new-half'));
      writeFileSync(join(folder, 'new-half', 'PG_VERSION'), '18\n');
      const postgres = await throwaway();
      expect(postgres.origin).toBe('made');
      expect(existsSync(join(folder, 'new-half'))).toBe(false);
      await postgres.stop();
      expect(existsSync(folder)).toBe(false);
    });

    it('goes with its server and folder when the process that started it dies', async () => {
      const postgres = await throwaway();
      // To a guard, the end of its process and a release are the same: the end of the pipe.
      guardThrowaway(postgres.home, folder, searchPath).release();
      expect(await eventually(() => !postgres.isRunning() && !existsSync(folder), 15_000)).toBe(true);
      await postgres.stop();
    });
  });
});
