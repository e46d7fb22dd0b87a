import { ApiKeyAdmin } from '../../../libs/access/src/index.js';
import type { Answer } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

interface Price {
  action: string;
  mode: string;
  jobs: number;
  price: number;
  total: number;
  credits: number | null;
  code?: number;
  description?: string;
  properties?: Record<string, unknown>;
}

const PICTURE = 'any text counts as a picture';
const REPAINT = 'MJ::Inpaint::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11::SOLO';

/** What a submit would cost, asked before it is made. */
describe('POST /mj/price', () => {
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '100' } });

  const ask = (
    route: string,
    body: object,
    headers?: Record<string, string>,
    at = '/mj/price',
  ): Promise<Answer<Price>> => gateway.post<Price>(at, { route, body }, headers);
  const work = async (route: string, body: object, at?: string): Promise<unknown[]> => {
    const { action, mode, jobs, price, total } = (await ask(route, body, undefined, at)).json;
    return [action, mode, jobs, price, total];
  };
  const books = (): Promise<unknown[]> =>
    gateway.sql('select (select count(*) from task)::int as tasks, (select count(*) from ledger)::int as moves');
  const finished = async (): Promise<string> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox', mode: 'RELAX' });
    upstream.show([...upstream.tasks.keys()].at(-1) ?? '', { status: 'SUCCESS' });
    await until('the end', async () =>
      (await gateway.get(`/mj/task/${json.result}/fetch`)).json['status'] === 'SUCCESS' ? true : null,
    );
    return json.result;
  };

  beforeAll(async () => {
    await gateway.sql('delete from price');
    await gateway.sql(
      `insert into price (action, mode, price) values
       ('*', '*', 1), ('*', 'TURBO', 4), ('*', 'RELAX', 0.25), ('VIDEO', 'FAST', 8), ('MODAL', 'FAST', 3), ('MODAL', 'RELAX', 0.75)`,
    );
    await until('the prices', async () => ((await ask('video', { prompt: 'x' })).json.price === 8 ? true : null));
  });

  it.each([
    ['imagine', { prompt: 'a fox' }, ['IMAGINE', 'FAST', 1, 1, 1]],
    ['imagine', { prompt: 'a fox --turbo' }, ['IMAGINE', 'TURBO', 1, 4, 4]],
    ['imagine', { prompt: 'a fox --turbo', mode: 'relax' }, ['IMAGINE', 'RELAX', 1, 0.25, 0.25]],
    ['imagine', { prompt: 'a {red, blue} fox --repeat 2' }, ['IMAGINE', 'FAST', 4, 1, 4]],
    ['imagine', { prompt: 'a fox --video 1' }, ['VIDEO', 'FAST', 1, 8, 8]],
    ['blend', { base64Array: [PICTURE, PICTURE], mode: 'TURBO' }, ['BLEND', 'TURBO', 1, 4, 4]],
    ['describe', { base64: PICTURE }, ['DESCRIBE', 'FAST', 1, 1, 1]],
    ['shorten', { prompt: 'many words' }, ['SHORTEN', 'FAST', 1, 1, 1]],
    ['edits', { prompt: 'a hat', image: PICTURE }, ['EDITS', 'FAST', 1, 1, 1]],
    ['retexture', { prompt: 'gold', image: PICTURE }, ['RETEXTURE', 'FAST', 1, 1, 1]],
    ['video', { image: PICTURE, batchSize: 4 }, ['VIDEO', 'FAST', 1, 8, 8]],
    ['upload-discord-images', { base64Array: [PICTURE] }, ['UPLOAD', 'FAST', 1, 1, 1]],
    ['swap', { sourceBase64: PICTURE, targetBase64: PICTURE }, ['SWAP_FACE', 'FAST', 1, 1, 1]],
  ])('%s %j', async (route, body, wanted) => {
    const before = await books();
    const calls = upstream.submits.length;
    expect(await work(route, body)).toEqual(wanted);
    expect([await books(), upstream.submits.length]).toEqual([before, calls]);
  });

  it('takes the mode of the path, and no large pictures', async () => {
    expect(await work('imagine', { prompt: 'a fox' }, '/mj-turbo/mj/price')).toEqual(['IMAGINE', 'TURBO', 1, 4, 4]);
    expect((await ask('blend', { base64Array: ['A'.repeat(300 * 1024)] })).status).toBe(413);
  });

  it('of follow-ups are those of the action and the mode of their parent', async () => {
    const taskId = await finished();
    expect(await work('change', { taskId, action: 'UPSCALE', index: 1 })).toEqual(['UPSCALE', 'RELAX', 1, 0.25, 0.25]);
    expect(await work('simple-change', { content: `${taskId} V2` })).toEqual(['VARIATION', 'RELAX', 1, 0.25, 0.25]);
    expect(await work('action', { taskId, customId: REPAINT, mode: 'FAST' })).toEqual(['INPAINT', 'FAST', 1, 1, 1]);
    const upscale = { taskId, action: 'UPSCALE', index: 1 };
    expect((await gateway.post('/mj/submit/change', upscale)).json['code']).toBe(1);
    expect(await work('change', upscale)).toEqual(['UPSCALE', 'RELAX', 1, 0.25, 0]);
  });

  it('of a window is that of its confirmation', async () => {
    const taskId = await finished();
    const usual = upstream.onSubmit;
    upstream.onSubmit = (submit) => ({
      code: 21,
      description: 'Waiting for window confirm',
      result: upstream.accept(submit, { status: 'MODAL' }).id,
      properties: { finalPrompt: 'shown', remix: true },
    });
    const { json } = await gateway.post<{ result: string }>('/mj/submit/action', { taskId, customId: REPAINT });
    upstream.onSubmit = usual;
    const body = { taskId: json.result, prompt: 'a hat', maskBase64: PICTURE };
    expect(await work('modal', body)).toEqual(['INPAINT', 'RELAX', 1, 0.75, 0.75]);
    expect((await ask('modal', { taskId })).json.description).toBe('task_status_not_success');
    expect((await gateway.post('/mj/submit/modal', { taskId: json.result, prompt: 'a hat' })).json['code']).toBe(1);
    expect(await work('modal', body)).toEqual(['INPAINT', 'RELAX', 1, 0.75, 0]);
  });

  it.each([
    ['imagine', {}, 'prompt_is_required'],
    ['imagine', { prompt: 'a fox', mode: 'slow' }, 'mode_is_invalid'],
    ['imagine', { prompt: 'a {red, blue} fox', mode: 'RELAX' }, 'prompt_is_several_jobs'],
    ['imagine', { prompt: 'a fox --repeat 41 {a, b}' }, 'too_many_jobs'],
    ['imagine', { prompt: 7 }, 'bind_request_body_failed'],
    ['blend', { base64Array: [PICTURE] }, 'base64_array_is_required'],
    ['describe', { link: 'http://127.0.0.1.example/ x' }, null],
    ['action', { taskId: '6240000000000001', customId: REPAINT }, 'task_not_found'],
    ['action', { taskId: '6240000000000001' }, 'custom_id_is_required'],
    ['change', { taskId: '6240000000000001', action: 'SPIN' }, 'unknown_action'],
    ['modal', { taskId: '6240000000000001' }, 'task_not_found'],
    ['swap', { sourceBase64: PICTURE }, 'sour_base64_and_target_base64_is_required'],
  ])('refuses what the submit refuses: %s %j', async (route, body, error) => {
    const path = route === 'swap' ? '/mj/insight-face/swap' : `/mj/submit/${route}`;
    const asked = await ask(route, body);
    if (error === null) return expect(asked.json.description).toBe('link_is_invalid');
    expect([asked.status, asked.json.description]).toEqual([400, error]);
    if (route === 'blend' || route === 'swap') return;
    const submitted = await gateway.post(path, body);
    expect([submitted.status, submitted.json]).toEqual([asked.status, asked.json]);
  });

  it('names the wrong field of the question itself', async () => {
    expect((await gateway.post('/mj/price', { route: 'notify', body: {} })).json['properties']).toEqual({
      field: 'route',
    });
    expect((await gateway.post('/mj/price', { route: 'imagine' })).json['properties']).toEqual({ field: 'body' });
    expect((await gateway.post('/mj/price', { route: 'imagine', body: 'x' })).json['properties']).toEqual({
      field: 'body',
    });
  });

  it('is that of the key that asks: its terms hold, its credits are shown, and are not taken', async () => {
    const admin = gateway.app.get(ApiKeyAdmin);
    const { plain, key } = await admin.create({
      name: 'limited',
      credits: '2.5',
      modes: ['FAST'],
      actions: ['IMAGINE'],
      promptExpansion: 'pass',
    });
    const own = { authorization: `Bearer ${plain}` };
    expect((await ask('imagine', { prompt: 'a {red, blue} fox' }, own)).json).toEqual({
      action: 'IMAGINE',
      mode: 'FAST',
      jobs: 2,
      price: 1,
      total: 2,
      credits: 2.5,
    });
    expect((await ask('imagine', { prompt: 'a fox', mode: 'TURBO' }, own)).json.description).toBe('mode_not_allowed');
    expect((await ask('blend', { base64Array: ['a', 'b'] }, own)).json.description).toBe('action_not_allowed');
    expect((await admin.find(key.id))?.credits).toBe('2.500000');
  });

  it('is not told of a banned word, which is named as the submit names it', async () => {
    await gateway.sql(`insert into banned_word (word) values ('gore')`);
    const asked = await until('the word', async () => {
      const answer = await ask('imagine', { prompt: 'gore' });
      return answer.json.code === 24 ? answer : null;
    });
    expect(asked.json).toEqual((await gateway.post('/mj/submit/imagine', { prompt: 'gore' })).json);
  });
});
