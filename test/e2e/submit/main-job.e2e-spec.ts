import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { startSimulator, type Simulator } from '../../../apps/simulator/src/simulator.js';
import { WebhookSecrets } from '../../../libs/hooks/src/index.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver, isSignedBy } from '../../support/hook-receiver.js';
import { until } from '../../support/until.js';

/** The main job through the real HTTP server, real Postgres, and an upstream that really draws. */
describe('the main job', () => {
  let folder: string;
  let simulator: Simulator;
  let gateway: TestGateway;
  let receiver: HookReceiver;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journeyman-simulator-'));
    simulator = await startSimulator({ dir: folder, runMs: 1_200, secret: 'upstream-secret' });
    gateway = await TestGateway.start({
      upstreamUrl: simulator.url,
      environment: { UPSTREAM_SECRET: 'upstream-secret' },
    });
    receiver = await HookReceiver.start();
  });

  afterAll(async () => {
    await gateway.close();
    await simulator.close();
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  });

  const submit = async (route: string, body: object): Promise<string> => {
    const { status, json } = await gateway.post<{ code: number; result: string }>(`/mj/submit/${route}`, body);
    expect({ status, code: json.code }).toEqual({ status: 200, code: 1 });
    expect(json.result).toMatch(/^\d{16}$/);
    return json.result;
  };
  const fetchTask = async (id: string): Promise<TaskView> => (await gateway.get<TaskView>(`/mj/task/${id}/fetch`)).json;
  const finished = (id: string): Promise<TaskView> =>
    until(`the end of ${id}`, async () => {
      const task = await fetchTask(id);
      return task.progress === '100%' ? task : null;
    });
  const picture = async (url: string): Promise<Metadata> => {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    return sharp(Buffer.from(await answer.arrayBuffer())).metadata();
  };

  it('draws a grid, shows its progress, and keeps the picture', async () => {
    const id = await submit('imagine', { prompt: 'a red fox in snow --ar 3:2', state: 'order-77' });
    const young = await fetchTask(id);
    expect(young).toMatchObject({
      id,
      action: 'IMAGINE',
      state: 'order-77',
      mode: 'FAST',
      buttons: null,
      imageUrls: null,
    });
    const task = await finished(id);
    expect(task).toMatchObject({
      status: 'SUCCESS',
      failReason: '',
      failure: null,
      cost: 0.1,
      prompt: 'a red fox in snow --ar 3:2',
    });
    expect(task.submitTime).toBeLessThanOrEqual(task.startTime);
    expect(task.startTime).toBeLessThanOrEqual(task.finishTime);
    expect(task.buttons?.map(({ label }) => label)).toEqual(expect.arrayContaining(['U1', 'V4']));
    expect(task.imageUrl).toBe(`${gateway.url}/mj/image/${id}`);
    const grid = await picture(task.imageUrl);
    expect(Number(grid.width) / Number(grid.height)).toBeCloseTo(1.5, 1);
    expect(task.imageUrls).toHaveLength(4);
    await until('the kept picture', async () => {
      const [row] = await gateway.sql<{ n: number }>(
        "select count(*)::int as n from asset where task_id = $1 and state = 'kept'",
        [id],
      );
      return row !== undefined && row.n >= 1 ? row : null;
    });
    const head = await fetch(task.imageUrl, { method: 'HEAD' });
    expect(head.headers.get('cache-control')).toContain('immutable');
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10_000);
  });

  it('takes reference pictures', async () => {
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#8844cc' } })
      .png()
      .toBuffer();
    const raw = png.toString('base64');
    const id = await submit('imagine', {
      prompt: 'in these colours',
      base64Array: [`data:image/png;base64,${raw}`, raw, ''],
    });
    expect((await finished(id)).status).toBe('SUCCESS');
  });

  it('upscales, varies and rerolls by the buttons', async () => {
    const grid = await finished(await submit('imagine', { prompt: 'a lighthouse' }));
    const press = (label: string, emoji = ''): string => {
      const button = grid.buttons?.find((candidate) => candidate.label === label && candidate.emoji === emoji);
      if (button === undefined) throw new Error(`no button ${label}${emoji}`);
      return button.customId;
    };
    const up = await submit('action', { taskId: Number(grid.id), customId: press('U2') });
    const again = await submit('action', { taskId: grid.id, customId: press('U2') });
    expect(again).toBe(up);
    const varied = await submit('action', { taskId: grid.id, customId: press('V1') });
    const rerolled = await submit('action', { taskId: grid.id, customId: press('', '🔄') });
    const tasks = await Promise.all([up, varied, rerolled].map(finished));
    expect(tasks.map(({ action, status, parentId }) => ({ action, status, parentId }))).toEqual(
      ['UPSCALE', 'VARIATION', 'REROLL'].map((action) => ({ action, status: 'SUCCESS', parentId: grid.id })),
    );
    const [single] = tasks;
    await expect(picture(single?.imageUrl ?? '')).resolves.toMatchObject({ format: 'png' });
  });

  it('lists tasks in the order asked, each once, unknown ones left out', async () => {
    const first = await submit('imagine', { prompt: 'one' });
    const second = await submit('imagine', { prompt: 'two' });
    const ids = [Number(second), first, 'nonsense', '6240000000000001', second];
    const { json } = await gateway.post<TaskView[]>('/mj/task/list-by-condition', { ids });
    expect(json.map(({ id }) => id)).toEqual([second, first]);
    expect((await gateway.post('/mj/task/list-by-ids', {})).json).toEqual([]);
  });

  it('calls the hook in order, signed, with the bytes of fetch', async () => {
    const id = await submit('imagine', { prompt: 'hooked', notifyHook: `${receiver.url}/hook`, state: 's-1' });
    const last = await until('the terminal hook', () => receiver.of(id).find(({ task }) => task.status === 'SUCCESS'));
    const hooks = receiver.of(id);
    const sequence = hooks.map(({ headers }) => Number(headers['x-mj-seq']));
    expect(sequence).toEqual([...new Set(sequence)].sort((a, b) => a - b));
    expect(hooks[0]?.task.status).toBe('SUBMITTED');
    expect(hooks.filter(({ task }) => task.progress === '100%')).toHaveLength(1);
    const [key] = await gateway.sql<{ id: string }>('select id from api_key');
    const [secret = ''] = await gateway.app.get(WebhookSecrets).signing(key?.id ?? '', new Date());
    for (const hook of hooks) {
      expect(isSignedBy(hook, secret)).toBe(true);
      expect(hook.headers['webhook-id']).toBe(`msg_${id}_${String(hook.headers['x-mj-seq'])}`);
    }
    expect(last.raw).toBe((await gateway.get(`/mj/task/${id}/fetch`)).text);
  });

  it('tells the end of an upscale that is asked for again to the hook named then, once', async () => {
    const grid = await finished(await submit('imagine', { prompt: 'twice' }));
    const customId = grid.buttons?.find(({ label }) => label === 'U1')?.customId;
    const id = await submit('action', { taskId: grid.id, customId, notifyHook: `${receiver.url}/first` });
    const delivered = (): Promise<unknown> =>
      until('the delivery', async () => {
        const found = await gateway.sql(
          "select from hook_delivery where task_id = $1 and terminal and state = 'delivered'",
          [id],
        );
        return found[0];
      });
    await delivered();
    const ends = (): string[] => receiver.of(id).flatMap(({ task, path }) => (task.status === 'SUCCESS' ? [path] : []));
    expect(await submit('action', { taskId: grid.id, customId, notifyHook: `${receiver.url}/second` })).toBe(id);
    await until('the second hook', () => (ends().includes('/second') ? true : null));
    await delivered();
    expect(await submit('action', { taskId: grid.id, customId, notifyHook: `${receiver.url}/second` })).toBe(id);
    expect(ends()).toEqual(['/first', '/second']);
  });

  it('tells nobody anything of the upstream', async () => {
    const id = await submit('imagine', { prompt: 'secretive', notifyHook: `${receiver.url}/hook` });
    await finished(id);
    await until('the terminal hook', () => receiver.of(id).find(({ task }) => task.status === 'SUCCESS'));
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      id,
    ]);
    const seen = [(await gateway.get(`/mj/task/${id}/fetch`)).text, ...receiver.of(id).map(({ raw }) => raw)].join(
      '\n',
    );
    const port = new URL(simulator.url).port;
    for (const trace of [row?.upstream_task_id ?? 'none', `:${port}`, 'simulator', 'jm:'])
      expect(seen).not.toContain(trace);
  });

  it('adds up: every hold stands in the ledger, no slot is left', async () => {
    const wrong = await gateway.sql(
      'select t.id from task t left join ledger l on l.task_id = t.id group by t.id having t.cost <> -coalesce(sum(l.amount), 0)',
    );
    expect(wrong).toEqual([]);
    await until('the last task', async () =>
      (await gateway.sql('select from task where finished_at is null')).length === 0 ? true : null,
    );
    expect(await gateway.sql('select running from upstream_load')).toEqual([{ running: 0 }]);
  });
});
