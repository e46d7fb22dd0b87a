import { setTimeout as sleep } from 'node:timers/promises';
import { ApimartRig } from './test/apimart-rig.js';
import { type Json } from './test/simulator-rig.js';

const rig = new ApimartRig();
afterEach(() => rig.end());

describe('APIMart: faults', () => {
  it.each([
    ['http-400', 400, 'invalid_request_error'],
    ['http-401', 401, 'authentication_error'],
    ['http-402', 402, 'payment_required'],
    ['http-403', 403, 'permission_error'],
    ['http-404', 404, 'not_found_error'],
    ['http-422', 422, 'moderation_error'],
    ['http-429', 429, 'rate_limit_error'],
    ['http-500', 500, 'server_error'],
    ['http-502', 502, 'bad_gateway'],
    ['http-503', 503, 'service_unavailable'],
  ])('%s refuses in the error envelope and takes nothing in', async (name, http, type) => {
    await rig.start();
    const answer = { http, json: { error: { code: http, type, message: expect.any(String) } } };
    expect(await rig.submit('', { prompt: `fox [sim:${name}]` })).toEqual(answer);
    expect(await rig.submit('', { prompt: 'fox' }, { 'x-simulator-fault': name })).toEqual(answer);
    expect(await rig.accepted('fox')).toEqual({ count: 0, tasks: [] });
  });

  it.each([3, 4, 9, 24])('code-%i refuses in the body of a 200', async (code) => {
    await rig.start();
    const { http, json } = await rig.submit('', { prompt: `fox [sim:code-${code}=vile]` });
    expect([http, json]).toMatchObject([200, { code, description: expect.any(String) }]);
    if (code === 24) expect(json.properties).toMatchObject({ bannedWord: 'vile' });
    expect(await rig.accepted('fox')).toMatchObject({ count: 0 });
  });

  it.each(['accept-500', 'accept-unreadable', 'reset', 'accept-hang'])('%s takes the task in', async (name) => {
    await rig.start();
    const answer = await fetch(`${rig.url}/v1/midjourney/generations/imagine`, {
      method: 'POST',
      body: JSON.stringify({ prompt: `fox-1 [sim:${name}]` }),
      signal: AbortSignal.timeout(400),
    }).catch(() => null);
    expect(answer?.status ?? 0).toBe({ 'accept-500': 500, 'accept-unreadable': 200 }[name] ?? 0);
    expect(await rig.accepted('fox-1')).toMatchObject({ count: 1, tasks: [{ action: 'IMAGINE' }] });
    await rig.stop();
    await rig.start();
    expect(await rig.accepted('fox-1')).toMatchObject({ count: 1 });
  });

  it('hang and unreadable take nothing in, late takes in at once', async () => {
    await rig.start();
    const page = await rig.send('/v1/midjourney/generations', { prompt: 'x [sim:unreadable]' });
    expect([page.status, (await page.text()).startsWith('<!DOCTYPE')]).toEqual([200, true]);
    const given = { method: 'POST', body: '{"prompt":"x [sim:hang]"}', signal: AbortSignal.timeout(150) };
    await expect(fetch(`${rig.url}/v1/midjourney/generations`, given)).rejects.toThrow();
    expect(await rig.accepted('')).toMatchObject({ count: 0 });
    let answered = false;
    const late = rig.submit('', { prompt: 'fox [sim:late=1500]' }).finally(() => (answered = true));
    while ((await rig.accepted('fox')).count === 0) await sleep(5);
    expect(answered).toBe(false);
    expect(await late).toMatchObject({ http: 200 });
  });

  it('stay with the task: no-picture, dead-picture, core-only, forget, a timeout', async () => {
    await rig.start({ runMs: 0, apimart: { taskMs: 100 } });
    expect(await rig.done('', { prompt: 'x [sim:no-picture]' })).toMatchObject({ status: 'SUCCESS', image_urls: [] });
    const dead = await rig.done('', { prompt: 'x [sim:dead-picture]' });
    expect((await fetch((dead.image_urls as string[])[0])).status).toBe(404);
    expect(await rig.done('', { prompt: 'x [sim:core-only]' })).not.toHaveProperty('cost');
    expect(await rig.done('', { prompt: 'x [sim:stall]' })).toMatchObject({ fail_reason: 'Task timeout', cost: 0 });
    const lost = await rig.begin('', { prompt: 'x [sim:forget]' });
    while (!('error' in (await rig.midjourney(lost)))) await sleep(20);
    expect(await rig.unified(lost)).toMatchObject({ error: { code: 404, type: 'not_found_error' } });
  });

  it.each([
    ['=500', 500],
    ['=429', 429],
    ['', 502],
    ['=unreadable', 200],
    ['=reset', 0],
  ])('reads%s breaks every read of the task', async (argument, http) => {
    await rig.start();
    const id = await rig.begin('', { prompt: `x [sim:reads${argument}]` });
    for (const path of ['/v1/midjourney/', '/v1/tasks/']) {
      const answer = await rig.read(`${path}${id}`).catch(() => null);
      expect(answer?.status ?? 0).toBe(http);
    }
    expect(await rig.accepted('x')).toMatchObject({ count: 1 });
  });

  it('code-21 names the window or the earlier task', async () => {
    await rig.start({ runMs: 0 });
    const grid = await rig.done('', { prompt: 'lake [sim:small]' });
    const again = await rig.submit('', { prompt: 'lake [sim:duplicate]' });
    expect(again.json).toMatchObject({ code: 21, result: grid.id as string });
    const one = await rig.done('/upscale', { task_id: grid.id, index: 1 });
    const window = await rig.submit('/inpaint', { task_id: one.id }, { 'x-simulator-fault': 'code-21' });
    expect(window.json).toMatchObject({ code: 21, properties: { finalPrompt: 'lake' } });
    const task_id = window.json.result as string;
    expect(await rig.midjourney(task_id)).toMatchObject({ status: 'MODAL' });
    const dies = await rig.submit('/modal', { task_id, prompt: 'a lake-2 [sim:accept-500]' });
    expect(dies).toMatchObject({ http: 500, json: { error: { type: 'server_error' } } });
    expect(await rig.accepted('lake-2')).toMatchObject({ count: 1, tasks: [{ modal_at: expect.any(Number) }] });
    expect(await rig.finished(task_id)).toMatchObject({ status: 'SUCCESS', prompt: 'a lake-2' });
  });

  it('refuses banned words, unknown faults, bodies that are no JSON, and more than the cap', async () => {
    await rig.start({ apimart: { perMinute: 4 }, concurrency: 1, queue: 0 });
    expect(await rig.submit('', { prompt: 'a nude statue' })).toMatchObject({ http: 422 });
    const typo = await rig.submit('', { prompt: 'x' }, { 'x-simulator-fault': 'typo' });
    expect(typo.json).toMatchObject({ error: { message: expect.stringContaining('typo') } });
    const broken = await fetch(`${rig.url}/v1/midjourney/generations`, { method: 'POST', body: '{' });
    expect([broken.status, ((await broken.json()) as Json).error]).toMatchObject([400, { code: 400 }]);
    expect(await rig.submit('', { prompt: 'x' })).toMatchObject({ http: 200 });
    expect(await rig.submit('', { prompt: 'y' })).toMatchObject({ http: 429 });
    const capped = await rig.submit('', { prompt: 'z' });
    expect(capped).toMatchObject({ http: 429, json: { error: { type: 'rate_limit_error' } } });
    expect(await rig.accepted('')).toMatchObject({ count: 1 });
    expect(((await (await rig.read('/apimart/faults')).json()) as Json).reset).toEqual(expect.any(String));
  });
});
