import { setTimeout as sleep } from 'node:timers/promises';
import { type Json } from './test/simulator-rig.js';
import { TobRig } from './test/tob-rig.js';

const rig = new TobRig('/v1/tob');
afterEach(() => rig.end());

const urlsOf = (job: Json): string[] => job.urls as string[];
const over = (job: Json): boolean => job.status === 3 || (job.status === 2 && urlsOf(job).length > 0);
const draw = async (text: string, more: Json = {}): Promise<Json> => {
  const { id } = await rig.ordered('diffusion', { text, ...more });
  return rig.until(id as string, over);
};

describe('faults at Youchuan', () => {
  it.each([
    ['refuse=Msg_Sensitive', 403, 'Msg_Sensitive'],
    ['refuse=No_Avaliable_Plan', 403, 'No_Avaliable_Plan'],
    ['refuse=Account_Fee_Not_Enough', 402, 'Account_Fee_Not_Enough'],
    ['refuse=401', 401, 'Invalid_App_Identifier'],
    ['refuse=Server_Busy', 503, 'Server_Busy'],
    ['refuse=Request_Timout', 503, 'Request_Timout'],
    ['refuse', 500, 'Internal_Server_Error'],
  ])('%s takes nothing in', async (fault, http, reason) => {
    await rig.start();
    expect(await rig.refusal('diffusion', { text: `x [sim:${fault}]` })).toMatchObject({ http, code: http, reason });
    expect(await rig.refusal('diffusion', { text: 'x' }, { 'x-simulator-fault': fault })).toMatchObject({
      http,
      reason,
    });
    expect(await rig.accepted('')).toMatchObject({ count: 0 });
  });

  it.each(['accept-500', 'accept-unreadable', 'accept-no-id', 'reset', 'accept-hang'])(
    '%s takes the job in all the same, once',
    async (fault) => {
      await rig.start();
      const body = JSON.stringify({ text: `fox [sim:${fault}]`, callback: `${rig.url}/nobody?t=mine` });
      const answer = await fetch(`${rig.url}/v1/tob/diffusion`, {
        method: 'POST',
        body,
        signal: AbortSignal.timeout(400),
      }).catch(() => null);
      expect(answer?.status ?? 0).toBe(fault === 'accept-500' ? 500 : /unreadable|no-id/.test(fault) ? 200 : 0);
      expect(await rig.accepted('callback=t%3Dmine')).toMatchObject({ count: 1, jobs: [{ operation: 'diffusion' }] });
      expect(await rig.accepted('text=fox')).toMatchObject({ count: 1 });
      expect(await rig.accepted('text=cat')).toMatchObject({ count: 0 });
    },
  );

  it('pictures are withheld: some, or all of them', async () => {
    await rig.start({ runMs: 0 });
    const some = await draw('a fox [sim:withhold=1,3]');
    expect(urlsOf(some).map((url) => url !== '')).toEqual([false, true, false, true]);
    expect((some.audits as string[]).map((reason) => reason !== '')).toEqual([true, false, true, false]);
    const jobId = some.id as string;
    expect(await rig.refusal('variation', { jobId, imageNo: 0, type: 0 })).toMatchObject({ http: 400 });
    expect(await rig.refusal('variation', { jobId, imageNo: 1, type: 0 })).toMatchObject({ http: 200 });
    expect(await draw('a fox [sim:withhold=all]')).toMatchObject({ status: 2, urls: ['', '', '', ''] });
  });

  it('links come as many reads late as ordered', async () => {
    await rig.start({ runMs: 0 });
    for (const early of [0, 3]) {
      const { id } = await rig.ordered('diffusion', { text: `a fox [sim:early=${early}]` });
      let hidden = 0;
      await rig.until(id as string, (job) => {
        if (job.status === 2 && urlsOf(job).length === 0) hidden += 1;
        return over(job);
      });
      expect(hidden).toBe(early);
    }
  });

  it('odd numbers, comments and failures are shown', async () => {
    await rig.start();
    const { id } = await rig.ordered('diffusion', { text: 'a fox [sim:status=4][sim:slow=60000][sim:comment=Queued]' });
    expect(await rig.get(`job/${id as string}`)).toMatchObject({ status: 4, comment: 'Queued' });
    expect(await draw('a fox [sim:fail=BadPrompt]')).toMatchObject({ status: 3, comment: 'BadPrompt', urls: [] });
  });

  it('a job is forgotten, and stalls', async () => {
    await rig.start({ runMs: 0 });
    const lost = (await rig.ordered('diffusion', { text: 'a fox [sim:forget]' })).id as string;
    const stalled = (await rig.ordered('diffusion', { text: 'a cat [sim:stall]' })).id as string;
    await rig.until(lost, ({ http }) => http === 404);
    expect(await rig.get(`job/${stalled}`)).toMatchObject({ http: 200, status: 1 });
    expect(await rig.accepted('text=fox')).toMatchObject({ count: 1 });
  });

  it('reads of a job break as ordered', async () => {
    await rig.start();
    const read = async (how: string): Promise<Response> => {
      const { id } = await rig.ordered('diffusion', { text: `a fox [sim:reads${how}]` });
      return rig.read(`/v1/tob/job/${id as string}`);
    };
    expect(await (await read('=Server_Busy')).json()).toMatchObject({ code: 503, reason: 'Server_Busy' });
    expect((await read('=429')).status).toBe(429);
    expect(await (await read('=unreadable')).text()).toMatch(/^<!DOCTYPE/);
    await expect(read('=reset')).rejects.toThrow();
  });

  it('callbacks come once at the end, or twice, or not at all', async () => {
    await rig.start({ runMs: 0 });
    const callback = `${await rig.serve({})}/called?t=1`;
    await draw('a lost one [sim:lose-callback]', { callback });
    await draw('a usual one', { callback });
    await draw('a double one [sim:double-callback]', { callback });
    while (rig.called.length < 3) await sleep(10);
    expect(rig.called.map(({ text }) => String(text))).toEqual(
      expect.arrayContaining(['a usual one', 'a double one [sim:double-callback]']),
    );
    expect(rig.called.every((job) => job.status === 2 && urlsOf(job).length === 4)).toBe(true);
    const jobId = rig.called[0]?.id as string;
    await rig.ordered('callback', { jobId });
    while (rig.called.length < 4) await sleep(10);
    expect(rig.called.filter(({ text }) => String(text).includes('lost'))).toEqual([]);
  });

  it('faults are armed for submits that carry no text, and counted off', async () => {
    await rig.start({ runMs: 0 });
    const jobId = (await draw('a fox')).id as string;
    const armed = await rig.post('/simulator/youchuan/faults', { faults: 'accept-500', operation: 'reroll', times: 1 });
    expect(armed).toEqual({ armed: 'accept-500' });
    expect(await rig.refusal('variation', { jobId, imageNo: 0, type: 0 })).toMatchObject({ http: 200 });
    expect((await rig.order('reroll', { jobId })).status).toBe(500);
    expect((await rig.order('reroll', { jobId })).status).toBe(200);
    expect(await rig.accepted('')).toMatchObject({ count: 4 });
    expect(await rig.post('/simulator/youchuan/faults', { faults: 'typo' })).toHaveProperty('error');
  });

  it('tells costs, plan and moodboards', async () => {
    await rig.start({ runMs: 0 });
    const { id } = await draw('a fox');
    expect(await rig.get('costs')).toMatchObject({ http: 400, reason: 'Invalid_Argument' });
    expect(await rig.get('costs?pageNo=1&pageSize=10&since=2020-01-01')).toMatchObject({
      list: [{ jobId: id as string }],
    });
    expect(await rig.get('cost-monthly?pageNo=1&pageSize=10')).toMatchObject({ list: [{ fastCost: 1 }] });
    expect(await rig.get('subscribe', { 'x-youchuan-app': 'no-plan' })).toMatchObject({ reason: 'No_Avaliable_Plan' });
    const board = await rig.ordered('moodboard', { name: 'mine', images: [] });
    expect(await rig.get('moodboards')).toMatchObject({ list: [board] });
  });
});
