import { readdir } from 'node:fs/promises';
import net from 'node:net';
import { GatewayProcess, install, type Installation } from '../../support/gateway-process.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

const DESCRIPTORS = 256;
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('with 256 descriptors', () => {
  let database: TestDatabase;
  let upstream: ScriptedUpstream;
  let installation: Installation;
  const sockets: net.Socket[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    upstream = await ScriptedUpstream.start();
    installation = await install(database.url, upstream.url);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await upstream.close();
    await installation.remove();
    await database.drop();
  });

  const occupy = (url: string): Promise<void> =>
    new Promise((resolve) => {
      const socket = net.connect(Number(new URL(url).port), '127.0.0.1', resolve);
      socket.on('error', () => resolve());
      sockets.push(socket);
    });

  it('says so at its start, and has its way to Postgres however many come', async () => {
    const gateway = await GatewayProcess.start(installation, DESCRIPTORS);
    const lines = gateway.printed.split('\n').filter((line) => line.includes('descriptors'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      msg: expect.stringMatching(
        /^only 256 descriptors .* at most 40 connections of clients, 16 downloads and 16 hooks/,
      ),
    });
    for (let count = 0; count < 400; count += 1) await occupy(gateway.url);
    for (let count = 0; count < 20; count += 1) {
      const answer = await fetch(`${gateway.url}/mj/submit/imagine`, {
        method: 'POST',
        headers: { authorization: `Bearer ${installation.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: `a fox ${count}` }),
      });
      expect(await answer.json()).toMatchObject({ code: 1 });
    }
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
    expect((await readdir(`/proc/${gateway.pid}/fd`)).length).toBeLessThan(DESCRIPTORS - 64);
    expect(gateway.printed).not.toContain('the database is not available');
    expect(gateway.printed).not.toContain('EMFILE');
    await gateway.stopCleanly();
  });

  it('needs more than 128, and says how many', async () => {
    await expect(GatewayProcess.start(installation, 128)).rejects.toThrow(
      /exit 1: .*could not start: 128 descriptors \(ulimit -n\) are too few: at least 220 are needed/s,
    );
  });
});
