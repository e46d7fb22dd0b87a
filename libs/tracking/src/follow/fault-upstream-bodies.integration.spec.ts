import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { MidjourneyProxyAdapter, UpstreamHttp, type UpstreamTarget } from '#libs/upstream';
import type { FakeUpstream } from '../../test/fake-upstream.js';
import type { Replica } from '../../test/replica.js';
import { TrackingRig } from '../../test/tracking-rig.js';
import type { Task } from '../task/task.entity.js';

const MEGABYTE = 1_048_576;
const PICTURE = 'https://up.test/a.png';
/** Bytes that both ends of a loopback connection may buffer beyond the 4 MiB that are read. */
const SOCKET_BUFFERS = 16 * MEGABYTE;

type Script = (ids: readonly string[], response: ServerResponse) => void;

let rig: TrackingRig;
let server: Server;
let script: Script;
let adapter: MidjourneyProxyAdapter;
let replica: Replica;
let up: UpstreamTarget;
beforeAll(async () => {
  Logger.overrideLogger(false);
  rig = await TrackingRig.open();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { ids = [] } = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as { ids?: string[] };
      script(ids, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
  const { id } = await rig.addUpstream(200);
  const port = (server.address() as AddressInfo).port;
  await rig.sql('update upstream set base_url = $1 where id = $2', [`http://127.0.0.1:${port}`, id]);
  adapter = new MidjourneyProxyAdapter(new UpstreamHttp({ userAgent: 'Journeyman' }));
  replica = await rig.replica({}, adapter as unknown as FakeUpstream);
  const found = replica.upstreams.find(id);
  if (found === null) throw new Error('no upstream');
  up = found;
});
afterEach(async () => {
  await rig.reset();
  await adapter.close();
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rig.close();
});

/** Makes `n` accepted tasks, `up-0`, `up-1`, …, whose polls are due. */
async function due(n: number): Promise<Task[]> {
  const made = await rig.accepted(n, { id: up.id, priority: 0, weight: 1 }, { apiKeyId: await rig.key() });
  await rig.passTime(10_000);
  return made;
}

async function poll(): Promise<void> {
  await rig.passTime(60_000);
  await replica.sync.syncDue(up);
}

const answer =
  (...items: unknown[]): Script =>
  (_ids, response) =>
    void response.end(JSON.stringify(items));

const followed = async (): Promise<Task> => {
  const [task] = await rig.rows();
  if (task === undefined) throw new Error('no task');
  expect(task.finishedAt).toBeNull();
  expect(task.nextPollAt).not.toBeNull();
  return task;
};

describe('an answer that is far too large', () => {
  it('is cut at 4 MiB, and polls of its task continue', async () => {
    await due(1);
    let sent = 0;
    const cut = new Promise<void>((resolve) => {
      script = (_ids, response) => {
        const { socket } = response;
        response.on('close', () => {
          sent = (socket?.bytesWritten ?? 0) - (socket?.writableLength ?? 0);
          resolve();
        });
        const filler = Buffer.alloc(64 * 1_024, 32);
        let left = 50 * MEGABYTE;
        const more = (): void => {
          while (left > 0 && !response.destroyed) {
            left -= filler.length;
            if (!response.write(filler)) return;
          }
          if (left <= 0) response.end('[]');
        };
        response.on('drain', more).write('[');
        more();
      };
    });
    await poll();
    await cut;
    expect(sent).toBeLessThan(SOCKET_BUFFERS);
    expect(await followed()).toMatchObject({ status: 'SUBMITTED', version: 1 });

    script = answer({ id: 'up-0', status: 'SUCCESS', imageUrl: PICTURE });
    await poll();
    expect((await rig.rows())[0]).toMatchObject({ status: 'SUCCESS' });
  });

  it('because of one task still yields the answers of the others', async () => {
    await due(8);
    script = (ids, response) => {
      const items = ids.map((id) => ({
        id,
        status: 'SUCCESS',
        imageUrl: PICTURE,
        failReason: id === 'up-5' ? 'x'.repeat(5 * MEGABYTE) : '',
      }));
      response.end(JSON.stringify(items));
    };
    await poll();
    const open = (await rig.rows()).filter(({ finishedAt }) => finishedAt === null);
    expect(open.map(({ upstreamTaskId }) => upstreamTaskId)).toEqual(['up-5']);
  });

  it('in buttons or depth is unreadable, and tasks fetched without it continue', async () => {
    await due(3);
    const reroll = { customId: 'MJ::JOB::reroll::0::x::SOLO', label: 'again' };
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    const bodies: Record<string, string> = {
      'up-0': `{"id":"up-0","status":"SUCCESS","imageUrl":"${PICTURE}","buttons":[${'{},'.repeat(1_000_000)}0]}`,
      'up-1': `{"id":"up-1","status":"SUCCESS","imageUrl":"${PICTURE}","properties":${deep},"buttons":${deep},"imageUrls":${deep}}`,
      'up-2': JSON.stringify({ id: 'up-2', status: 'SUCCESS', imageUrl: PICTURE, buttons: Array(500).fill(reroll) }),
    };
    script = (ids, response) => void response.end(`[${ids.map((id) => bodies[id]).join()}]`);
    await poll();
    const rows = await rig.rows();
    expect(Object.fromEntries(rows.map(({ upstreamTaskId, status }) => [upstreamTaskId, status]))).toEqual({
      'up-0': 'SUBMITTED',
      'up-1': 'SUCCESS',
      'up-2': 'SUCCESS',
    });
    const buttons = Object.fromEntries(rows.map((row) => [row.upstreamTaskId, row.buttons?.length]));
    expect(buttons).toMatchObject({ 'up-1': 0, 'up-2': 64 });
  });
});

describe('an unreadable answer', () => {
  it.each<[string, Script]>([
    ['HTML', (_ids, response) => void response.end('<html>[]</html>')],
    ['nothing', (_ids, response) => void response.end()],
    ['half of one', (_ids, response) => void response.end('[{"id":"up-0","status":"SUC')],
    ['an object', (_ids, response) => void response.end('{"id":"up-0","status":"SUCCESS"}')],
    ['a redirect', (_ids, response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a 500', (_ids, response) => void response.writeHead(500).end('[{"id":"up-0","status":"SUCCESS"}]')],
    ['a 429', (_ids, response) => void response.writeHead(429, { 'retry-after': '1e12' }).end('[]')],
    ['a reset', (_ids, response) => void response.destroy()],
  ])('(%s) changes nothing, and polls of the task continue', async (_what, broken) => {
    await due(1);
    script = broken;
    await poll();
    expect(await followed()).toMatchObject({ status: 'SUBMITTED', version: 1 });
    script = answer({ id: 'up-0', status: 'SUCCESS', imageUrl: PICTURE });
    await poll();
    expect((await rig.rows())[0]).toMatchObject({ status: 'SUCCESS' });
  });
});

describe('a time reported by an upstream', () => {
  it.each([-1, 1_700_000_000, 4_070_908_800_000, 2 ** 33, 2 ** 60, '2099-01-01', '-5', 'yesterday', { at: 1 }, null])(
    '%p is stored nowhere',
    async (time) => {
      const [before] = await due(1);
      script = answer({
        id: 'up-0',
        status: 'SUCCESS',
        imageUrl: PICTURE,
        submitTime: time,
        startTime: time,
        finishTime: time,
      });
      const from = rig.database.now().getTime();
      await replica.sync.syncDue(up);
      const task = await rig.row(before?.id ?? '');
      expect(task.status).toBe('SUCCESS');
      for (const at of [task.startedAt, task.finishedAt]) {
        expect(Math.abs(Number(at) - from)).toBeLessThan(3_600_000);
      }
      expect(Number(before?.submittedAt) - Number(task.submittedAt)).toBe(10_000);
    },
  );
});

describe('progress', () => {
  it.each([
    ['100 %', 99],
    ['100%', 99],
    [100, 99],
    ['99.9%', 99],
    [' 45 % ', 45],
    ['1000%', 0],
    ['-5%', 0],
    ['1e3', 0],
    ['Waiting to start', 0],
    [{ deep: true }, 0],
    [null, 0],
  ])('%p of a running task reads as %d', async (progress, read) => {
    await due(1);
    script = answer({ id: 'up-0', status: 'IN_PROGRESS', progress });
    await poll();
    expect(await followed()).toMatchObject({ status: 'IN_PROGRESS', progress: read });
  });
});

describe('a status', () => {
  it.each(['DONE', 'RUNNING', '', '成功', 'SUCCESS!', 7, null, ['SUCCESS'], 'x'.repeat(1_000_000)])(
    'that is unknown (%#) is ignored; progress still counts',
    async (status) => {
      await due(1);
      script = answer({ id: 'up-0', status, progress: '30%' });
      await poll();
      expect(await followed()).toMatchObject({ status: 'SUBMITTED', progress: 30 });
    },
  );
});
