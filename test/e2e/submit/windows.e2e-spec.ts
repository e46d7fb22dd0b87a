import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../../apps/simulator/src/simulator.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

interface Reply {
  code: number;
  description: string;
  result: string;
  properties: Record<string, unknown>;
}

const row = async (gateway: TestGateway, id: string): Promise<Record<string, unknown>> => {
  const [found] = await gateway.sql(
    `select status, cost::float, has_slot, waiting, upstream_task_id, confirmed_at is not null as confirmed,
      (select coalesce(sum(amount), 0)::float from ledger where task_id = t.id) as ledger from task t where id = $1`,
    [id],
  );
  return found ?? {};
};

describe('windows at a scripted upstream', () => {
  const { gateway, upstream } = useGateway({ environment: { SUBMIT_TIMEOUT_MS: '600' } });

  const accept = (result: string): unknown => ({ code: 1, description: 'ok', result });
  const open = async (prompt: string): Promise<{ id: string; upstreamId: string }> => {
    let upstreamId = '';
    upstream.onSubmit = (submit) => {
      upstreamId = upstream.accept(submit, { status: 'MODAL' }).id;
      return {
        code: 21,
        description: 'Waiting for window confirm',
        result: upstreamId,
        properties: { finalPrompt: 'shown', remix: true },
      };
    };
    const { json } = await gateway.post<Reply>('/mj/submit/imagine', { prompt, state: 's' });
    expect(json.code).toBe(21);
    upstream.submits.length = 0;
    return { id: json.result, upstreamId };
  };
  const confirm = (body: object): Promise<{ status: number; json: Reply }> =>
    gateway.post<Reply>('/mj/submit/modal', body);

  it('is confirmed with its own text, keeps its id, and pays then', async () => {
    const { id, upstreamId } = await open('a window');
    upstream.onSubmit = () => accept(upstreamId);
    expect(await row(gateway, id)).toMatchObject({ status: 'MODAL', cost: 0, has_slot: false });
    const { json } = await confirm({ taskId: Number(id) });
    expect(json).toMatchObject({ code: 1, result: id });
    expect(upstream.submits.map(({ path, body }) => [path, body['taskId'], body['prompt']])).toEqual([
      ['/mj/submit/modal', upstreamId, 'shown'],
    ]);
    expect(await row(gateway, id)).toMatchObject({
      status: 'SUBMITTED',
      cost: 0.1,
      ledger: -0.1,
      has_slot: true,
      confirmed: true,
    });
    upstream.show(upstreamId, { status: 'SUCCESS', progress: '100%' });
    await until('the end', async () => ((await row(gateway, id))['status'] === 'SUCCESS' ? true : null));
    expect(await gateway.sql('select running from upstream_load')).toEqual([{ running: 0 }]);
  });

  it('is sent once, however many confirm it at once', async () => {
    const { id, upstreamId } = await open('many confirm');
    upstream.onSubmit = () => accept(upstreamId);
    const answers = await Promise.all(Array.from({ length: 12 }, () => confirm({ taskId: id, prompt: 'mine' })));
    expect(answers.map(({ json }) => [json.code, json.result])).toEqual(answers.map(() => [1, id]));
    expect(upstream.submits).toHaveLength(1);
    expect(await row(gateway, id)).toMatchObject({ ledger: -0.1 });
  });

  it.each(['IMAGINE', 'CUSTOM_ZOOM', 'VARIATION', 'PAN'])(
    'of %s takes one job, not several at its price',
    async (action) => {
      const { id, upstreamId } = await open('one job');
      await gateway.sql('update task set action = $2 where id = $1', [id, action]);
      upstream.onSubmit = () => accept(upstreamId);
      for (const prompt of ['a {red, blue} fox', 'a fox —repeat 2']) {
        expect((await confirm({ taskId: id, prompt })).json).toMatchObject({
          code: 4,
          description: 'prompt_is_several_jobs',
          properties: { field: 'prompt', jobs: 2 },
        });
      }
      expect(upstream.submits).toHaveLength(0);
      expect(await row(gateway, id)).toMatchObject({ status: 'MODAL', ledger: 0 });
      expect((await confirm({ taskId: id, prompt: 'a \\{red, blue\\} fox' })).json).toMatchObject({ code: 1 });
    },
  );

  it('is a window again, refunded, when the upstream declines or is full', async () => {
    const { id, upstreamId } = await open('declined');
    upstream.onSubmit = () => ({ code: 24, properties: { promptEn: 'x', bannedWord: 'x' } });
    expect((await confirm({ taskId: id })).json).toMatchObject({ code: 24, result: null });
    expect(await row(gateway, id)).toMatchObject({
      status: 'MODAL',
      cost: 0,
      ledger: 0,
      has_slot: false,
      confirmed: false,
    });
    upstream.onSubmit = () => ({ code: 23, description: 'full' });
    expect((await confirm({ taskId: id })).json).toMatchObject({ code: 23, result: null });
    upstream.onSubmit = () => accept(upstreamId);
    expect((await confirm({ taskId: id })).json).toMatchObject({ code: 1, result: id });
    expect(await row(gateway, id)).toMatchObject({ status: 'SUBMITTED', cost: 0.1, ledger: -0.1 });
  });

  it('shows the prompt that was written into it, and nothing that was known of the one before', async () => {
    const { id, upstreamId } = await open('before');
    upstream.onSubmit = () => accept(upstreamId);
    await confirm({ taskId: id, prompt: ' a new fox —ar 3:2 ' });
    expect(upstream.submits.map(({ body }) => body['prompt'])).toEqual(['a new fox --ar 3:2']);
    const fetched = async (): Promise<TaskView> => (await gateway.get<TaskView>(`/mj/task/${id}/fetch`)).json;
    expect(await fetched()).toMatchObject({
      prompt: 'a new fox —ar 3:2',
      promptEn: '',
      properties: { finalPrompt: '' },
    });
    const finalPrompt = 'a new fox --ar 3:2 --v 7';
    upstream.show(upstreamId, { status: 'SUCCESS', promptEn: 'a new fox --ar 3:2', properties: { finalPrompt } });
    await until('the end', async () => ((await fetched()).status === 'SUCCESS' ? true : null));
    expect(await fetched()).toMatchObject({
      prompt: 'a new fox —ar 3:2',
      promptEn: 'a new fox --ar 3:2',
      properties: { finalPrompt },
    });
  });

  it('has its own text yet after another one was declined', async () => {
    const { id, upstreamId } = await open('kept');
    upstream.onSubmit = () => ({ code: 24, properties: { promptEn: 'x', bannedWord: 'x' } });
    expect((await confirm({ taskId: id, prompt: 'a bad fox' })).json).toMatchObject({ code: 24 });
    upstream.submits.length = 0;
    upstream.onSubmit = () => accept(upstreamId);
    expect((await confirm({ taskId: id })).json).toMatchObject({ code: 1, result: id });
    expect(upstream.submits.map(({ body }) => body['prompt'])).toEqual(['shown']);
  });

  it('shows a prompt that it already had as it was', async () => {
    const { id, upstreamId } = await open('before');
    upstream.onSubmit = () => accept(upstreamId);
    await confirm({ taskId: id, prompt: 'shown' });
    const { json } = await gateway.get<TaskView>(`/mj/task/${id}/fetch`);
    expect(json).toMatchObject({ prompt: 'shown', properties: { finalPrompt: 'shown' } });
  });

  it('goes on under another id that the upstream answers', async () => {
    const { id } = await open('renamed');
    upstream.onSubmit = (submit) => accept(upstream.accept(submit, { status: 'SUCCESS' }).id);
    await confirm({ taskId: id });
    await until('the end', async () => ((await row(gateway, id))['status'] === 'SUCCESS' ? true : null));
  });

  it('is polled by the id it has when the answer gets lost', async () => {
    const { id, upstreamId } = await open('lost answer');
    upstream.onSubmit = (_, response) => (response.destroy(), undefined);
    expect((await confirm({ taskId: id })).json).toMatchObject({ code: 1, result: id });
    upstream.show(upstreamId, { status: 'SUCCESS' });
    await until('the end', async () => ((await row(gateway, id))['status'] === 'SUCCESS' ? true : null));
    expect(upstream.submits).toHaveLength(1);
  });

  it('refuses what is no window of the caller', async () => {
    upstream.onSubmit = (submit) => accept(upstream.accept(submit).id);
    const { json } = await gateway.post<Reply>('/mj/submit/imagine', { prompt: 'plain' });
    for (const [body, description] of [
      [{}, 'task_id_is_required'],
      [{ taskId: '6240000000000001' }, 'task_not_found'],
      [{ taskId: json.result }, 'task_status_not_success'],
      [{ taskId: json.result, maskBase64: '!!' }, 'base64_is_invalid'],
    ] as const) {
      const answer = await confirm(body);
      expect({ status: answer.status, description: answer.json.description }).toEqual({ status: 400, description });
    }
  });
});

describe('windows of the simulator', () => {
  let folder: string;
  let simulator: Simulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journeyman-windows-'));
    simulator = await startSimulator({ dir: folder, runMs: 600 });
    gateway = await TestGateway.start({ upstreamUrl: simulator.url });
  });

  afterAll(async () => {
    await gateway.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const finished = (id: string): Promise<TaskView> =>
    until(`the end of ${id}`, async () => {
      const { json } = await gateway.get<TaskView>(`/mj/task/${id}/fetch`);
      return json.progress === '100%' ? json : null;
    });

  it('paints a region anew, and remixes a variation', async () => {
    const { json: imagine } = await gateway.post<Reply>('/mj/submit/imagine', { prompt: 'a red fox in snow' });
    const grid = await finished(imagine.result);
    const press = (task: TaskView, part: string): string =>
      task.buttons?.find(({ customId }) => customId.includes(part))?.customId ?? '';
    const { json: up } = await gateway.post<Reply>('/mj/submit/action', {
      taskId: grid.id,
      customId: press(grid, 'upsample::1'),
    });
    const single = await finished(up.result);
    const { json: inpaint } = await gateway.post<Reply>('/mj/submit/action', {
      taskId: single.id,
      customId: press(single, 'Inpaint'),
    });
    expect(inpaint).toMatchObject({ code: 21, properties: { remix: true } });
    expect((await gateway.get<TaskView>(`/mj/task/${inpaint.result}/fetch`)).json).toMatchObject({
      status: 'MODAL',
      action: 'INPAINT',
      cost: 0,
    });
    const { json: confirmed } = await gateway.post<Reply>('/mj/submit/modal', {
      taskId: inpaint.result,
      prompt: 'a blue scarf',
    });
    expect(confirmed).toMatchObject({ code: 1, result: inpaint.result });
    expect(await finished(inpaint.result)).toMatchObject({ status: 'SUCCESS', cost: 0.1, parentId: single.id });
    const { json: remix } = await gateway.post<Reply>('/mj/submit/action', {
      taskId: grid.id,
      customId: press(grid, 'variation::2'),
      enableRemix: true,
    });
    expect(remix.code).toBe(21);
    await gateway.post('/mj/submit/modal', { taskId: remix.result });
    expect((await finished(remix.result)).status).toBe('SUCCESS');
  });
});
