import { inspect } from 'node:util';
import { reply, ScriptedServer, type Received, type Script } from '../../test/scripted-server.js';
import { imagine, SUBMIT_CONTEXT, target } from '../../test/target.js';
import { UpstreamHttp } from '../http/upstream-http.js';
import { RouteMissingError, UpstreamCallError } from '../port/outcome.js';
import type { SubmitCommand } from '../port/command.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import { ApimartAdapter } from './apimart.adapter.js';

const ID = 'task_01K8ABC';
const error = (code: number, type = 'x', message = 'x'): object => ({ error: { code, type, message } });
const NOT_FOUND = reply(error(404, 'not_found_error', 'Task not found'), 404);

let server: ScriptedServer;
let adapter: ApimartAdapter;
let up: UpstreamTarget;

beforeEach(async () => {
  server = await ScriptedServer.start();
  adapter = new ApimartAdapter(new UpstreamHttp({ userAgent: 'Journeyman' }));
  up = target({ kind: 'apimart', baseUrl: server.origin, secret: 'sk-1', defaultVersion: '8.2' });
});
afterEach(async () => {
  await adapter.close();
  await server.close();
});

/** What came, each request as "METHOD path". */
const asked = (): string[] => server.received.map(({ method, path }) => `${method} ${path}`);

describe('a submit', () => {
  it('is posted with the key, the speed and the mark', async () => {
    server.script = reply({ code: 200, data: [{ status: 'submitted', task_id: ID }] });
    const outcome = await adapter.submit(up, imagine('a fox --turbo'), SUBMIT_CONTEXT);
    expect(outcome).toEqual({ kind: 'accepted', upstreamTaskIds: [ID] });
    expect(asked()).toEqual(['POST /v1/midjourney/generations']);
    expect(server.received[0]?.headers['authorization']).toBe('Bearer sk-1');
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
      prompt: 'a fox --v 8.2',
      speed: 'fast',
      metadata: { state: SUBMIT_CONTEXT.state },
    });
  });

  it.each([
    ['hangs', 'timeout', (): void => undefined],
    ['is reset', 'reset', ({ socket }: { socket: { destroy(): void } }): void => socket.destroy()],
  ] as const)('is unknown where the answer %s, and is not sent again', async (_what, fault, script) => {
    server.script = script;
    const outcome = await adapter.submit({ ...up, submitTimeoutMs: 300 }, imagine('a fox'), SUBMIT_CONTEXT);
    expect(outcome).toEqual({ kind: 'unknown', fault });
    expect(server.received).toHaveLength(1);
  });

  it('did nothing where nobody listens', async () => {
    const nobody = { ...up, baseUrl: 'http://127.0.0.1:1' };
    await expect(adapter.submit(nobody, imagine('a fox'), SUBMIT_CONTEXT)).resolves.toEqual({
      kind: 'nothing_done',
      fault: 'connect',
    });
  });

  it('that the vendor has no route for is not sent', async () => {
    const terms = { botType: 'MID_JOURNEY', mode: 'FAST', modeIsChosen: false, accountFilter: null } as const;
    const shorten = { ...terms, kind: 'shorten', prompt: 'a fox' } as const;
    await expect(adapter.submit(up, shorten, SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'nothing_done' });
    expect(server.received).toHaveLength(0);
  });
});

describe('a U that the vendor refuses', () => {
  const LINKS = [0, 1, 2, 3].map((n) => `https://cdn.test/0_${n}.png`);
  const JOB = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';
  const GRID = {
    id: ID,
    status: 'SUCCESS',
    prompt: 'a fox --v 8.2',
    grid_image_url: 'https://cdn.test/grid.png',
    image_urls: [LINKS[0], LINKS[1], null, LINKS[3]],
    buttons: [{ customId: `MJ::JOB::variation::1::${JOB}`, label: 'V1', style: 2 }],
    metadata: { state: 'jm:1' },
  };
  const refuse = reply(error(400, 'invalid_request_error', 'V8 has no upscale'), 400);
  const change = (index: number): SubmitCommand => {
    const terms = { botType: 'MID_JOURNEY', mode: 'FAST', modeIsChosen: false, accountFilter: null } as const;
    return { ...terms, kind: 'change', upstreamTaskId: ID, action: 'UPSCALE', index };
  };

  beforeEach(() => {
    server.script = (received, response) => (received.method === 'POST' ? refuse : reply(GRID))(received, response);
  });

  it('is the picture of the grid that is there already', async () => {
    const outcome = await adapter.submit(up, change(2), SUBMIT_CONTEXT);
    const upstreamTaskId = `${ID}~2~6240000000000001`;
    expect(outcome).toEqual({ kind: 'accepted', upstreamTaskIds: [upstreamTaskId] });
    const picked = await adapter.fetch(up, upstreamTaskId);
    expect(picked).toMatchObject({
      upstreamTaskId,
      state: null,
      status: 'SUCCESS',
      progress: 100,
      imageUrl: LINKS[1],
      imageUrls: [LINKS[1]],
    });
    expect(picked?.buttons.map(({ customId }) => customId)).toContain(`MJ::JOB::low_variation::1::${JOB}::SOLO`);
  });

  it.each([
    ['withheld', 3],
    ['none of the grid', 5],
  ])('stays refused where the picture is %s', async (_what, index) => {
    const outcome = await adapter.submit(up, change(index), SUBMIT_CONTEXT);
    expect(outcome).toEqual({ kind: 'refused', code: 4, words: 'V8 has no upscale' });
  });

  it('stays refused where the grid cannot be read', async () => {
    server.script = (received, response) => (received.method === 'POST' ? refuse : reply('', 500))(received, response);
    await expect(adapter.submit(up, change(1), SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'refused' });
  });

  it('fails if the picture is withheld later', async () => {
    await expect(adapter.fetch(up, `${ID}~3~1`)).resolves.toMatchObject({ status: 'FAILURE', imageUrls: [] });
  });
});

describe('a window of the vendor', () => {
  const terms = { botType: 'MID_JOURNEY', mode: 'FAST', modeIsChosen: false, accountFilter: null } as const;
  const customId = 'MJ::Inpaint::1::3d2a9a4e::SOLO';
  const press: SubmitCommand = {
    ...terms,
    kind: 'action',
    upstreamTaskId: ID,
    customId,
    enableRemix: false,
    chooseSameChannel: false,
  };
  const opened = (id: string): Script => reply({ code: 200, data: [{ status: 'modal', task_id: id }] });
  const modal = (upstreamTaskId: string): SubmitCommand => ({
    ...terms,
    kind: 'modal',
    upstreamTaskId,
    prompt: 'a hat',
    mask: null,
  });
  const gone = reply(error(400, 'invalid_request_error', 'the window has expired'), 400);
  const accept = reply({ code: 200, data: [{ status: 'submitted', task_id: 'task_W2' }] });

  /** Opens a window, gives its id, and lets the server do as it says from then on. */
  async function open(script: (received: Received) => Script): Promise<string> {
    server.script = opened('task_W1');
    const outcome = await adapter.submit(up, press, SUBMIT_CONTEXT);
    server.script = (received, response) => script(received)(received, response);
    return outcome.kind === 'window' ? (outcome.upstreamTaskId ?? '') : '';
  }

  it('is read and confirmed by its id', async () => {
    const id = await open(({ method }) => (method === 'GET' ? reply({ id: 'task_W1', status: 'MODAL' }) : accept));
    await expect(adapter.fetch(up, id)).resolves.toMatchObject({ upstreamTaskId: id, status: 'MODAL' });
    await expect(adapter.submit(up, modal(id), SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'accepted' });
    expect(asked().slice(1)).toEqual(['GET /v1/midjourney/task_W1', 'POST /v1/midjourney/generations/modal']);
    expect(JSON.parse(server.received.at(-1)?.body ?? '')).toMatchObject({ task_id: 'task_W1', prompt: 'a hat' });
  });

  it('that the vendor has closed is opened once more, and that one confirmed', async () => {
    const id = await open(({ method, path, body }) => {
      if (method === 'GET') return reply({ id: 'task_W1', status: 'CANCELLED' });
      return path.endsWith('/inpaint') ? opened('task_W2') : body.includes('task_W2') ? accept : gone;
    });
    const outcome = await adapter.submit(up, modal(id), SUBMIT_CONTEXT);
    expect(outcome).toEqual({ kind: 'accepted', upstreamTaskIds: ['task_W2'] });
    const opening = server.received.find(({ path }, at) => at > 0 && path.endsWith('/inpaint'));
    expect(JSON.parse(opening?.body ?? '')).toMatchObject({ task_id: ID, custom_id: customId });
  });

  it('that is open is not opened again for a refusal', async () => {
    const id = await open(({ method }) => (method === 'GET' ? reply({ id: 'task_W1', status: 'MODAL' }) : gone));
    const refused = { kind: 'refused', code: 4, words: 'the window has expired' };
    await expect(adapter.submit(up, modal(id), SUBMIT_CONTEXT)).resolves.toEqual(refused);
    expect(asked().filter((one) => one.endsWith('/inpaint'))).toHaveLength(1);
  });

  it('that cannot be opened again stays refused', async () => {
    const id = await open(({ method }) => (method === 'GET' ? NOT_FOUND : gone));
    await expect(adapter.submit(up, modal(id), SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'refused' });
    expect(asked().filter((one) => one.endsWith('/modal'))).toHaveLength(1);
  });
});

describe('a read', () => {
  it('is of the form for Midjourney', async () => {
    server.script = reply({ id: ID, status: 'IN_PROGRESS', progress: '37%' });
    await expect(adapter.fetch(up, ID)).resolves.toMatchObject({ upstreamTaskId: ID, progress: 37 });
    expect(asked()).toEqual([`GET /v1/midjourney/${ID}`]);
  });

  it('may stand in an envelope', async () => {
    server.script = reply({ code: 200, data: { id: ID, status: 'SUCCESS' } });
    await expect(adapter.fetch(up, ID)).resolves.toMatchObject({ status: 'SUCCESS' });
  });

  it('is of the unified form where the other has no route', async () => {
    const unified = reply({ code: 200, data: { id: ID, status: 'processing', progress: 12 } });
    server.script = (received, response) =>
      (received.path.startsWith('/v1/tasks/') ? unified : NOT_FOUND)(received, response);
    await expect(adapter.fetch(up, ID)).resolves.toMatchObject({ status: 'IN_PROGRESS', progress: 12 });
    expect(asked()).toEqual([`GET /v1/midjourney/${ID}`, `GET /v1/tasks/${ID}`]);
  });

  it('is null for a task that is gone, and for one of another key', async () => {
    server.script = NOT_FOUND;
    await expect(adapter.fetch(up, ID)).resolves.toBeNull();
    server.script = reply(error(403, 'permission_error', 'Access denied'), 403);
    await expect(adapter.fetch(up, ID)).resolves.toBeNull();
  });

  it.each([
    [401, error(401, 'authentication_error'), 'unauthorized'],
    [402, error(402, 'payment_required'), 'payment_required'],
    [403, error(403, 'permission_error', 'Your account has been suspended'), 'forbidden'],
    [429, error(429, 'rate_limit_error'), 'status_4xx'],
    [500, error(500), 'status_5xx'],
    [503, error(503), 'status_5xx'],
    [200, 'hello', 'unreadable'],
    [200, { hello: 1 }, 'unexpected'],
  ])('fails with %i %j', async (status, body, fault) => {
    server.script = reply(body, status);
    const failure: unknown = await adapter.fetch(up, ID).catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(UpstreamCallError);
    expect(failure).toMatchObject({ fault });
    expect(inspect(failure, { depth: 5 })).not.toContain(server.origin);
  });

  it('puts no id into the path that could change it', async () => {
    server.script = NOT_FOUND;
    await adapter.fetch(up, '../a?b');
    expect(asked()[0]).toBe('GET /v1/midjourney/..%2Fa%3Fb');
  });
});

describe('what the vendor does not have', () => {
  it('is declined without a call', async () => {
    await expect(adapter.fetchMany()).rejects.toBeInstanceOf(RouteMissingError);
    await expect(adapter.listRecent()).resolves.toBeNull();
    await expect(adapter.cancel()).resolves.toBe(false);
    expect(server.received).toHaveLength(0);
  });

  it('a seed is read from a task that shows one', async () => {
    server.script = reply({ id: ID, status: 'SUCCESS', seed: 4711 });
    await expect(adapter.seed(up, ID)).resolves.toEqual({ kind: 'seed', seed: '4711' });
    server.script = reply({ id: ID, status: 'SUCCESS' });
    await expect(adapter.seed(up, ID)).resolves.toEqual({ kind: 'refused', words: '' });
  });
});

describe('a probe', () => {
  it('reads a task that cannot exist', async () => {
    server.script = NOT_FOUND;
    await expect(adapter.probe(up)).resolves.toEqual({ readsBatches: false });
    expect(asked()).toEqual(['GET /v1/midjourney/task_00000000000000000000000000']);
  });

  it.each([
    [401, error(401, 'authentication_error'), 'unauthorized'],
    [402, error(402, 'payment_required'), 'payment_required'],
    [503, error(503), 'status_5xx'],
    [200, '<html><body>a shop</body></html>', 'not_found'],
    [404, '<html><body>a shop</body></html>', 'not_found'],
  ])('fails with %i %j', async (status, body, fault) => {
    server.script = reply(body, status);
    await expect(adapter.probe(up)).rejects.toMatchObject({ fault });
  });
});
