import { setTimeout as sleep } from 'node:timers/promises';
import { type Json, SimulatorRig } from './test/simulator-rig.js';

const rig = new SimulatorRig();
afterEach(() => rig.end());

describe('faults', () => {
  const refused: [string, number, number | undefined][] = [
    ['code-3', 200, 3],
    ['code-4', 200, 4],
    ['code-5', 400, 5],
    ['code-9', 200, 9],
    ['code-23', 200, 23],
    ['code-24', 200, 24],
    ['code-30', 429, 30],
    ['http-500', 500, -1],
  ];
  it.each(refused)('%s refuses and takes nothing in', async (name, http, code) => {
    await rig.start();
    const answer = await rig.send('/mj/submit/imagine', { prompt: 'fox' }, { 'x-simulator-fault': name });
    expect([answer.status, ((await answer.json()) as Json).code]).toEqual([http, code]);
    expect(await rig.post('/mj/submit/imagine', { prompt: `fox [sim:${name}]` })).toMatchObject({ code });
    expect(await rig.listed()).toEqual([]);
  });

  it('http-429, unreadable and hang take nothing in', async () => {
    await rig.start();
    const busy = await rig.send('/mj/submit/imagine', { prompt: 'x [sim:http-429=7]' });
    expect([busy.status, busy.headers.get('retry-after'), await busy.text()]).toEqual([429, '7', '']);
    const page = await rig.send('/mj/submit/imagine', { prompt: 'x [sim:unreadable]' });
    expect([page.status, (await page.text()).startsWith('<!DOCTYPE')]).toEqual([200, true]);
    const given = AbortSignal.timeout(150);
    await expect(
      fetch(`${rig.url}/mj/submit/imagine`, { method: 'POST', body: '{"prompt":"x [sim:hang]"}', signal: given }),
    ).rejects.toThrow();
    expect(await rig.listed()).toEqual([]);
  });

  it.each(['accept-500', 'accept-unreadable', 'reset', 'accept-hang'])(
    '%s takes the task in all the same',
    async (name) => {
      await rig.start();
      const answer = await fetch(`${rig.url}/mj/submit/imagine`, {
        method: 'POST',
        body: JSON.stringify({ prompt: `fox [sim:${name}]`, state: 'mine' }),
        signal: AbortSignal.timeout(400),
      }).catch(() => null);
      expect(answer?.status ?? 0).toBe({ 'accept-500': 500, 'accept-unreadable': 200 }[name] ?? 0);
      expect(await rig.listed()).toMatchObject([{ state: 'mine', prompt: `fox [sim:${name}]`, promptEn: 'fox' }]);
    },
  );

  it('late takes the task in at once and answers afterwards', async () => {
    await rig.start();
    let answered = false;
    const reply = rig.post('/mj/submit/imagine', { prompt: 'fox [sim:late=1500]' }).finally(() => (answered = true));
    while ((await rig.listed()).length === 0) await sleep(5);
    expect(answered).toBe(false);
    expect(await reply).toMatchObject({ code: 1 });
  });

  it('fail, stall, no-picture, dead-picture and core-only stay with the task', async () => {
    await rig.start({ runMs: 0 });
    const failed = await rig.imagine('x [sim:fail=too blue]');
    expect(failed).toMatchObject({
      status: 'FAILURE',
      failReason: 'too blue',
      progress: '',
      imageUrl: null,
      buttons: [],
    });
    expect(await rig.imagine('x [sim:no-picture]')).toMatchObject({
      status: 'SUCCESS',
      imageUrl: null,
      imageUrls: null,
    });
    expect((await fetch((await rig.imagine('x [sim:dead-picture]')).imageUrl as string)).status).toBe(404);
    const core = await rig.imagine('x [sim:core-only]');
    expect(core.buttons).toHaveLength(9);
    expect(core).not.toHaveProperty('imageUrls');
    const { result } = await rig.post('/mj/submit/imagine', { prompt: 'x [sim:stall]' });
    await sleep(60);
    expect(await rig.task(result as string)).toMatchObject({ status: 'IN_PROGRESS' });
  });

  it('forget loses the task, slow prolongs it, duplicate names the earlier one', async () => {
    await rig.start({ runMs: 0 });
    const slow = await rig.post('/mj/submit/imagine', { prompt: 'slowly [sim:slow=30000]' });
    const again = await rig.post('/mj/submit/imagine', { prompt: 'slowly [sim:duplicate]' });
    expect(again).toMatchObject({ code: 21, description: '任务已存在', result: slow.result as string });
    expect((await rig.task(slow.result as string)).status).not.toBe('SUCCESS');
    expect(await rig.post('/mj/submit/imagine', { prompt: 'new [sim:duplicate]' })).toMatchObject({ code: 1 });
    const lost = (await rig.post('/mj/submit/imagine', { prompt: 'x [sim:forget]' })).result as string;
    expect(await rig.task(lost)).toMatchObject({ id: lost });
    await sleep(1_050);
    expect((await rig.read(`/mj/task/${lost}/fetch`)).status).toBe(204);
    expect(await rig.post('/mj/task/list-by-condition', { ids: [lost, Number(slow.result)] })).toMatchObject([
      { id: slow.result as string },
    ]);
  });

  it('are listed, and an unknown one is refused', async () => {
    await rig.start();
    const faults = (await (await rig.read('/faults')).json()) as Json;
    expect(Object.keys(faults)).toEqual(expect.arrayContaining(['hang', 'reset', 'duplicate', 'forget']));
    expect(await rig.post('/mj/submit/imagine', { prompt: 'x' }, { 'x-simulator-fault': 'typo' })).toMatchObject({
      code: 4,
    });
  });
});
