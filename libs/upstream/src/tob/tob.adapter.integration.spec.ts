import { legnextJob, PENDING_LEGNEXT_JOB, RUNNING_YOUCHUAN_JOB, youchuanJob } from '../../test/tob-bodies.js';
import { reply, ScriptedServer, type Received } from '../../test/scripted-server.js';
import { actionWork, command, imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT, target } from '../../test/target.js';
import { UpstreamHttp } from '../http/upstream-http.js';
import type { SubmitCommand } from '../port/command.js';
import { UpstreamCallError } from '../port/outcome.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import { LEGNEXT_PROFILE, YOUCHUAN_PROFILE } from './profile.js';
import { TobAdapter } from './tob.adapter.js';

const JOB = '66f0c0ffee00c0ffee00c0ff';
const TASK = '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b';

let server: ScriptedServer;
let youchuan: TobAdapter;
let legnext: TobAdapter;
let yc: UpstreamTarget;
let ln: UpstreamTarget;

beforeEach(async () => {
  server = await ScriptedServer.start();
  const http = new UpstreamHttp({ userAgent: 'Journeyman' });
  youchuan = new TobAdapter(YOUCHUAN_PROFILE, http);
  legnext = new TobAdapter(LEGNEXT_PROFILE, http);
  yc = target({ kind: 'youchuan', baseUrl: server.origin, secret: 'app-1|se|cret', acceptsNotifyHook: true });
  ln = target({ kind: 'legnext', baseUrl: `${server.origin}/api`, secret: 'key-1', acceptsNotifyHook: true });
});
afterEach(async () => {
  await youchuan.close();
  await server.close();
});

function sent(): { path: string; body: unknown }[] {
  return server.received.map(({ method, path, body }) => ({
    path: `${method} ${path}`,
    body: body === '' ? null : (JSON.parse(body) as unknown),
  }));
}

function pressing(customId: string, upstreamTaskId: string): SubmitCommand {
  return command(actionWork({ upstreamTaskId, customId, parent: { prompt: 'a fox --v 7', seed: null } }));
}

describe('an imagine at Youchuan', () => {
  it('is a diffusion with the links first, the version named, and the push address as its callback', async () => {
    server.script = reply(RUNNING_YOUCHUAN_JOB);
    const asked = imagine('a fox --ar 3:2', ['https://gw.example/mj/input/a.png']);
    const context = { ...SUBMIT_CONTEXT, pushUrl: 'https://gw.example/mj/notify/6240000000000001-x' };
    expect(await youchuan.submit(yc, asked, context)).toEqual({ kind: 'accepted', upstreamTaskIds: [JOB] });
    expect(sent()).toEqual([
      {
        path: 'POST /v1/tob/diffusion',
        body: { text: 'https://gw.example/mj/input/a.png a fox --ar 3:2 --v 7', callback: context.pushUrl },
      },
    ]);
    expect(server.received[0]?.headers).toMatchObject({ 'x-youchuan-app': 'app-1', 'x-youchuan-secret': 'se|cret' });
  });

  it('runs until its links are there, and its grid has no picture of its own', async () => {
    server.script = reply(youchuanJob({ urls: ['', '', '', ''] }));
    expect(await youchuan.fetch(yc, JOB)).toMatchObject({ status: 'IN_PROGRESS', progress: null, imageUrls: [] });
    server.script = reply(youchuanJob());
    const done = await youchuan.fetch(yc, JOB);
    expect(done).toMatchObject({ upstreamTaskId: JOB, status: 'SUCCESS', imageUrl: null, seed: '1234567' });
    expect(done?.imageUrls).toEqual([0, 1, 2, 3].map((at) => `https://cdn.example/66f0/${at}.png`));
    expect(done?.buttons.map(({ label }) => label)).toEqual(['U1', 'U2', 'U3', 'U4', '', 'V1', 'V2', 'V3', 'V4']);
    expect(server.received.map(({ path }) => path)).toEqual([`/v1/tob/job/${JOB}`, `/v1/tob/job/${JOB}`]);
  });

  it('keeps the place of a picture that was moderated away, which has no buttons', async () => {
    const links = (youchuanJob()['urls'] as string[]).map((link, at) => (at === 1 ? '' : link));
    server.script = reply(youchuanJob({ urls: links, audits: ['', '未通过', '', ''] }));
    const done = await youchuan.fetch(yc, JOB);
    expect(done?.imageUrls.map((link) => link === null)).toEqual([false, true, false, false]);
    expect(done?.buttons.map(({ label }) => label)).toEqual(['U1', 'U3', 'U4', '', 'V1', 'V3', 'V4']);
  });

  it('is a success without any picture where all were moderated away', async () => {
    server.script = reply(youchuanJob({ urls: [], audits: ['a', 'b', 'c', 'd'] }));
    const none = { status: 'SUCCESS', imageUrl: null, imageUrls: [null, null, null, null] };
    expect(await youchuan.fetch(yc, JOB)).toMatchObject(none);
  });
});

it.each([
  ['https://gw.example/mj/input/a.png a fox --v 7', 'https://gw.example/mj/input/a.png a fox --v 7'],
  ['https://gw.example/mj/input/a.png https://gw.example/mj/input/b.png --ar 2:3 --v 7', ''],
  ['--motion high', ''],
])('what the gateway wrote into %s is no prompt', async (text, finalPrompt) => {
  server.script = reply(youchuanJob({ text }));
  expect(await youchuan.fetch(yc, JOB)).toMatchObject({ prompt: text, finalPrompt, status: 'SUCCESS', progress: 100 });
});

describe('picking a picture', () => {
  it('makes no call; its id spells the job, the picture and our task', async () => {
    const picked = await youchuan.submit(yc, pressing(`MJ::JOB::upsample::2::${JOB}`, JOB), SUBMIT_CONTEXT);
    expect(picked).toEqual({ kind: 'accepted', upstreamTaskIds: [`${JOB}~2~6240000000000001`] });
    expect(server.received).toEqual([]);
  });

  it('is read from the job, alone and with the buttons of a single picture', async () => {
    server.script = reply(youchuanJob());
    const id = `${JOB}~2~6240000000000001`;
    const one = await youchuan.fetch(yc, id);
    expect(one).toMatchObject({
      upstreamTaskId: id,
      status: 'SUCCESS',
      imageUrl: 'https://cdn.example/66f0/1.png',
      imageUrls: [],
    });
    expect(one?.buttons.map(({ customId }) => customId)).toContain(`MJ::JOB::pan_left::1::${JOB}::SOLO`);
    expect(server.received[0]?.path).toBe(`/v1/tob/job/${JOB}`);
  });

  it('ends without a picture where it was withheld, and fails where there is no such picture', async () => {
    server.script = reply(youchuanJob({ urls: ['https://cdn.example/0.png', ''], audits: ['', 'no'] }));
    const withheld = { status: 'SUCCESS', imageUrl: null, imageUrls: [null], buttons: [] };
    expect(await youchuan.fetch(yc, `${JOB}~2~1`)).toMatchObject(withheld);
    expect(await youchuan.fetch(yc, `${JOB}~3~1`)).toMatchObject({ status: 'FAILURE' });
  });

  it('acts on the job and the picture that its id spells', async () => {
    server.script = reply(RUNNING_YOUCHUAN_JOB);
    await youchuan.submit(yc, pressing(`MJ::JOB::pan_left::1::${JOB}::SOLO`, `${JOB}~3~17`), SUBMIT_CONTEXT);
    expect(sent()).toEqual([{ path: 'POST /v1/tob/pan', body: { jobId: JOB, imageNo: 2, direction: 3, scale: 1.5 } }]);
  });
});

describe('LegNext', () => {
  it('has its own key and path, and speeds in the text', async () => {
    server.script = reply(PENDING_LEGNEXT_JOB);
    expect(await legnext.submit(ln, imagine('a fox'), SUBMIT_CONTEXT)).toEqual({
      kind: 'accepted',
      upstreamTaskIds: [TASK],
    });
    expect(sent()).toEqual([{ path: 'POST /api/v1/diffusion', body: { text: 'a fox --v 8.2 --fast' } }]);
    expect(server.received[0]?.headers).toMatchObject({ 'x-api-key': 'key-1' });
  });

  it('shows the push address of the submit, which is its correlation id', async () => {
    const endpoint = 'https://gw.example/mj/notify/6240000000000001-abc';
    server.script = reply(legnextJob({ config: { webhook_config: { endpoint, secret: '' } } }));
    const done = await legnext.fetch(ln, TASK);
    expect(done).toMatchObject({ state: 'jm:6240000000000001', status: 'SUCCESS', seed: '1904' });
    expect(done?.imageUrl).toBe('https://cdn.example/0b6f/grid.png');
    expect(await legnext.seed(ln, TASK)).toEqual({ kind: 'seed', seed: '1904' });
  });

  it('finds jobs through the list of those that are active', async () => {
    const active = {
      account_id: 1,
      total_active: 1,
      concurrent_limit: 6,
      tasks: [{ job_id: TASK, status: 'pending' }],
    };
    server.script = (received: Received, response) => {
      reply(received.path.endsWith('active_tasks') ? active : PENDING_LEGNEXT_JOB)(received, response);
    };
    const recent = await legnext.listRecent(ln, { since: new Date(Date.UTC(2026, 9, 1)) });
    expect(recent?.snapshots.map(({ upstreamTaskId, status }) => [upstreamTaskId, status])).toEqual([
      [TASK, 'SUBMITTED'],
    ]);
    expect(recent?.reachesBackTo).toBe(Infinity);
  });

  it('tells the balance to a probe', async () => {
    server.script = reply({ code: 200, data: { account_id: 1, available_points: 320 }, message: 'ok' });
    expect(await legnext.probe(ln)).toEqual({ readsBatches: false, credit: '320 points' });
  });
});

describe('costs of Youchuan', () => {
  it('name jobs, whose time is that of their cost', async () => {
    const costs = { list: [{ jobId: JOB, fastCost: 1, costAt: '2026-10-01T08:00:05Z' }], total: 1 };
    server.script = (received: Received, response) => {
      reply(received.path.includes('/costs?') ? costs : RUNNING_YOUCHUAN_JOB)(received, response);
    };
    const recent = await youchuan.listRecent(yc, { since: new Date(Date.UTC(2026, 9, 1, 8)) });
    expect(recent?.snapshots).toMatchObject([
      { upstreamTaskId: JOB, prompt: 'a fox --v 7', submitTime: Date.UTC(2026, 9, 1, 8, 0, 5) },
    ]);
    expect(server.received[0]?.path).toBe('/v1/tob/costs?pageNo=1&pageSize=200&since=2026-10-01T07%3A59%3A00.000Z');
  });

  it('a probe says what is wrong with the plan', async () => {
    server.script = reply({ code: 403, message: 'no plan', reason: 'No_Avaliable_Plan' }, 403);
    await expect(youchuan.probe(yc)).rejects.toMatchObject({ fault: 'forbidden' });
  });
});

describe('work that needs a read of its parent', () => {
  it('takes the link of the picture, and begins nothing where it cannot be read', async () => {
    const asked = pressing(`MJ::JOB::remove_background::1::${JOB}::SOLO`, `${JOB}~2~17`);
    server.script = (received: Received, response) => {
      reply(received.method === 'GET' ? youchuanJob() : RUNNING_YOUCHUAN_JOB)(received, response);
    };
    expect(await youchuan.submit(yc, asked, SUBMIT_CONTEXT)).toMatchObject({ kind: 'accepted' });
    expect(sent().at(-1)).toEqual({
      path: 'POST /v1/tob/remove-background',
      body: { imgUrl: 'https://cdn.example/66f0/1.png' },
    });
    server.script = reply('', 500);
    expect(await youchuan.submit(yc, asked, SUBMIT_CONTEXT)).toEqual({ kind: 'nothing_done', fault: 'status_5xx' });
  });
});

describe('a job that the vendor does not know', () => {
  it('is null; other failures are errors with a class', async () => {
    server.script = reply({ code: 404, message: 'job not found', reason: 'Not_Found' }, 404);
    expect(await youchuan.fetch(yc, JOB)).toBeNull();
    server.script = reply({ code: 401, message: 'no', reason: 'Invalid_App_Identifier' }, 401);
    await expect(youchuan.fetch(yc, JOB)).rejects.toEqual(new UpstreamCallError('unauthorized'));
    server.script = reply('<html><head></head>', 404);
    await expect(youchuan.fetch(yc, JOB)).rejects.toBeInstanceOf(UpstreamCallError);
    server.script = reply(youchuanJob({ id: 'another' }));
    await expect(youchuan.fetch(yc, JOB)).rejects.toEqual(new UpstreamCallError('unexpected'));
  });
});
