import { inspect } from 'node:util';
import { reply } from '../../test/scripted-server.js';
import { actionWork, command, imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT } from '../../test/target.js';
import { errorBody, NOT_FOUND, useApimart } from '../../test/use-apimart.js';
import { RouteMissingError, UpstreamCallError } from '../port/outcome.js';

const ID = 'task_01K8ABC';
const { server, adapter, up, asked } = useApimart();

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

  it.each([
    ['MJ::CustomZoom::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11', 'a fox --v 7 --zoom 2'],
    ['MJ::Inpaint::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11::SOLO', ''],
  ])(
    'that opens a window shows the text of that window, which the vendor does not tell: %s',
    async (customId, text) => {
      server.script = reply({ code: 200, data: [{ status: 'modal', task_id: ID }] });
      const outcome = await adapter.submit(
        up,
        command(
          actionWork({
            upstreamTaskId: 'task_01K8PARENT',
            customId,
            parent: { prompt: 'a fox --zoom 1.5 --v 7', seed: null },
          }),
        ),
        SUBMIT_CONTEXT,
      );
      expect(outcome).toMatchObject({ kind: 'window', finalPrompt: text });
    },
  );

  it('did nothing where nobody listens', async () => {
    const nobody = { ...up, baseUrl: 'http://127.0.0.1:1' };
    await expect(adapter.submit(nobody, imagine('a fox'), SUBMIT_CONTEXT)).resolves.toEqual({
      kind: 'nothing_done',
      fault: 'connect',
    });
  });

  it('that the vendor has no route for is not sent', async () => {
    const shorten = command({ kind: 'shorten', prompt: 'a fox' });
    await expect(adapter.submit(up, shorten, SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'nothing_done' });
    expect(server.received).toHaveLength(0);
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
    server.script = reply(errorBody(403, 'permission_error', 'Access denied'), 403);
    await expect(adapter.fetch(up, ID)).resolves.toBeNull();
  });

  it.each([
    [401, errorBody(401, 'authentication_error'), 'unauthorized'],
    [402, errorBody(402, 'payment_required'), 'payment_required'],
    [403, errorBody(403, 'permission_error', 'Your account has been suspended'), 'forbidden'],
    [429, errorBody(429, 'rate_limit_error'), 'status_4xx'],
    [500, errorBody(500), 'status_5xx'],
    [503, errorBody(503), 'status_5xx'],
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
    [401, errorBody(401, 'authentication_error'), 'unauthorized'],
    [402, errorBody(402, 'payment_required'), 'payment_required'],
    [503, errorBody(503), 'status_5xx'],
    [200, '<html><body>a shop</body></html>', 'not_found'],
    [404, '<html><body>a shop</body></html>', 'not_found'],
  ])('fails with %i %j', async (status, body, fault) => {
    server.script = reply(body, status);
    await expect(adapter.probe(up)).rejects.toMatchObject({ fault });
  });
});
