import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfiguration } from '../../admin/src/config/admin-config.js';
import { SYSTEM_PATH, type QuickstartConfig } from './config/quickstart-config.js';
import { processStatus } from './lifecycle/processes.js';
import { runQuickstart } from './quickstart.js';

/** A child that keeps the contract and writes down what happens to it. */
const PROGRAM = `
import { appendFileSync, writeFileSync } from 'node:fs';
const { RECORD: record, DATA_DIR, MISTAKE } = process.env;
const name = process.argv[1].endsWith('gateway.mjs') ? 'gateway' : 'simulator';
const note = (what) => appendFileSync(record, name + ' ' + what + '\\n');
writeFileSync(record + '.' + name, JSON.stringify({ pid: process.pid, env: process.env }));
process.on('SIGTERM', () => setTimeout(() => { note('drained'); process.exit(0); }, 100));
process.on('disconnect', () => process.exit(0));
process.on('message', () => process.exit(9));
if (name === MISTAKE) process.exit(1);
setInterval(() => {}, 1000);
note('up');
process.send({ type: 'noise' });
process.send({ type: 'listening', url: 'http://127.0.0.1:' + (process.env.SIMULATOR_PORT || 4001) });
`;

describe('runQuickstart', () => {
  let dir: string;
  let record: string;
  let said: string;

  const run = (options: { config?: Partial<QuickstartConfig>; mistake?: string } = {}) => {
    const stop = new AbortController();
    const write = (text: string): void => {
      said += text;
    };
    const exit = runQuickstart({
      config: {
        port: 0,
        host: '127.0.0.1',
        dataDir: join(dir, 'data'),
        databaseUrl: 'postgres://nowhere/x',
        searchPath: SYSTEM_PATH,
        environment: { RECORD: record, ...(options.mistake === undefined ? {} : { MISTAKE: options.mistake }) },
        ...options.config,
      },
      programs: { gateway: join(dir, 'gateway.mjs'), simulator: join(dir, 'simulator.mjs') },
      stop: stop.signal,
      say: write,
      warn: write,
    });
    return { exit, stop: () => stop.abort() };
  };
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const recorded = (): string[] => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []);
  const child = (name: string) =>
    JSON.parse(readFileSync(`${record}.${name}`, 'utf8')) as { pid: number; env: Record<string, string> };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'journeyman-quickstart-'));
    record = join(dir, 'record');
    said = '';
    for (const name of ['gateway', 'simulator']) writeFileSync(join(dir, `${name}.mjs`), PROGRAM);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('starts the simulator, then the gateway, says how to use them, and stops them the other way round', async () => {
    const quickstart = run();
    await until('Ctrl-C stops everything.');
    const { env } = child('gateway');
    const keys = JSON.parse(readFileSync(join(dir, 'data', 'keys.json'), 'utf8')) as Record<string, string>;
    expect(env).toMatchObject({
      API_KEY: keys['apiKey'],
      SECRET_KEY: keys['secretKey'],
      DATABASE_URL: 'postgres://nowhere/x',
      QUICKSTART_SIMULATOR_SECRET: child('simulator').env['SIMULATOR_SECRET'],
      PUBLIC_URL: `http://127.0.0.1:${env['PORT']}`,
    });
    expect(said).toContain(keys['apiKey']);
    expect(said).toContain(keys['adminKey']);
    expect(said).not.toContain(keys['secretKey']);
    expect(statSync(join(dir, 'data', 'keys.json')).mode & 0o777).toBe(0o600);
    // npm run admin, in the same folder, finds it, whatever listens on the usual port.
    expect(readConfiguration({ DATA_DIR: join(dir, 'data') })).toEqual({
      kind: 'ok',
      config: { url: `http://127.0.0.1:${env['PORT']}`, adminKey: keys['adminKey'] },
    });
    quickstart.stop();
    expect(await quickstart.exit).toBe(0);
    expect(recorded()).toEqual(['simulator up', 'gateway up', 'gateway drained', 'simulator drained']);
    expect(readdirSync(join(dir, 'data')).sort()).toEqual(['keys.json', 'simulator.port']);
    expect(readConfiguration({ DATA_DIR: join(dir, 'data') })).toMatchObject({
      mistakes: [expect.stringContaining('No gateway of')],
    });
  });

  it('brings no simulator where an upstream is given', async () => {
    const quickstart = run({ config: { upstreamUrl: 'http://10.0.0.1' } });
    await until('Ctrl-C stops everything.');
    quickstart.stop();
    expect(await quickstart.exit).toBe(0);
    expect(recorded()).toEqual(['gateway up', 'gateway drained']);
  });

  it('ends with 1 when the gateway does not accept its configuration, and leaves nothing running', async () => {
    expect(await run({ mistake: 'gateway' }).exit).toBe(1);
    expect(said).toContain('The gateway ended with code 1 before it was ready');
    expect(recorded()).toEqual(['simulator up', 'simulator drained']);
  });

  it('says which child died, stops the rest, and ends with 1', async () => {
    const quickstart = run();
    await until('Ctrl-C stops everything.');
    process.kill(child('simulator').pid, 'SIGKILL');
    expect(await quickstart.exit).toBe(1);
    expect(said).toContain('The simulator ended unexpectedly by SIGKILL.');
    expect(recorded()).toEqual(['simulator up', 'gateway up', 'gateway drained']);
    expect(processStatus(child('gateway').pid)).not.toBe('running');
  });

  it('starts nothing when its port is in use, and names it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await run({ config: { port } }).exit).toBe(1);
    server.close();
    expect(said).toContain(`PORT ${port} is in use on 127.0.0.1.`);
    expect(recorded()).toEqual([]);
  });

  it('keeps a second one off the same DATA_DIR', async () => {
    const first = run();
    await until('Ctrl-C stops everything.');
    expect(await run().exit).toBe(1);
    expect(said).toContain(`Another quickstart (pid ${process.pid}) already runs on`);
    first.stop();
    expect(await first.exit).toBe(0);
  });

  it('stops in the middle of a start', async () => {
    writeFileSync(join(dir, 'gateway.mjs'), PROGRAM.replace("type: 'listening'", "type: 'never'"));
    const quickstart = run();
    while (!recorded().includes('gateway up')) await new Promise((resolve) => setTimeout(resolve, 20));
    quickstart.stop();
    expect(await quickstart.exit).toBe(0);
    expect(recorded().slice(2)).toEqual(['gateway drained', 'simulator drained']);
    expect(said).not.toContain('Journeyman is up.');
  });
});
