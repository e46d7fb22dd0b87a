import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { difference, ENDED, type Json, plainSquare, SimulatorRig } from './test/simulator-rig.js';

const rig = new SimulatorRig();
afterEach(() => rig.end());

describe('an imagine', () => {
  it('goes forward to a picture of the asked shape, whose U2 is its second quarter', async () => {
    await rig.start({ runMs: 1_500 });
    const reply = await rig.post('/mj/submit/imagine', {
      prompt: 'a red fox in snow --ar 3:2 [sim:small=192]',
      state: 's-1',
    });
    expect(reply).toMatchObject({ code: 1, result: expect.stringMatching(/^\d{16}$/), properties: expect.any(Object) });
    const seen: string[] = [];
    let preview = '';
    let now: Json;
    do {
      now = await rig.task(reply.result as string);
      seen.push(now.status as string);
      if (now.status === 'IN_PROGRESS') {
        expect(now.progress).toMatch(/^\d{1,2}%$/);
        expect(now).toMatchObject({ failReason: null, buttons: [], finishTime: null });
        preview = (now.imageUrl as string | null) ?? preview;
      }
      await sleep(10);
    } while (!ENDED.includes(now.status as string));
    const order = ['NOT_START', 'SUBMITTED', 'IN_PROGRESS', 'SUCCESS'];
    expect(seen).toEqual([...seen].sort((one, other) => order.indexOf(one) - order.indexOf(other)));
    expect(seen).toContain('IN_PROGRESS');
    expect((await sharp(await rig.picture(preview)).metadata()).format).toBe('webp');
    expect(now).toMatchObject({
      status: 'SUCCESS',
      progress: '100%',
      failReason: '',
      state: 's-1',
      action: 'IMAGINE',
      mode: 'FAST',
    });
    expect(now.properties).toMatchObject({ finalPrompt: 'a red fox in snow --ar 3:2 --v 7.0 --fast' });
    expect(now.buttons).toHaveLength(9);
    const grid = await rig.picture(now.imageUrl as string);
    const sides = await sharp(grid).metadata();
    expect(sides).toMatchObject({ format: 'png', width: now.width, height: now.height });
    expect(sides.width / sides.height).toBeCloseTo(1.5, 1);

    const single = await rig.ended((await rig.press(now, 'U2')).result as string);
    expect(single).toMatchObject({ action: 'UPSCALE', parentId: now.id, status: 'SUCCESS' });
    const large = await rig.picture(single.imageUrl as string);
    expect(await sharp(large).metadata()).toMatchObject({ width: sides.width, height: sides.height });
    const [w, h] = [sides.width / 2, sides.height / 2];
    const quarter = (left: number, top: number): Promise<Buffer> =>
      sharp(grid).extract({ left, top, width: w, height: h }).png().toBuffer();
    const own = await difference(large, await quarter(w, 0));
    for (const [left, top] of [
      [0, 0],
      [0, h],
      [w, h],
    ] as const) {
      expect(await difference(large, await quarter(left, top))).toBeGreaterThan(own * 2);
    }
    expect(own).toBeLessThan(8);
    expect(await difference(large, await rig.picture((now.imageUrls as Json[])[1]?.url as string))).toBe(0);
  });

  it.each([
    ['/mj-relax/mj', {}, 'fox --fast', 'RELAX'],
    ['/mj', { accountFilter: { modes: ['TURBO'] } }, 'fox', 'TURBO'],
    ['/mj', {}, 'fox --turbo', 'TURBO'],
    ['/mj', {}, 'fox', 'FAST'],
  ])('runs at the speed asked for by %s %j %s', async (base, more, prompt, mode) => {
    await rig.start();
    const { result } = await rig.post(`${base}/submit/imagine`, { prompt, ...more });
    expect(await rig.task(result as string)).toMatchObject({ mode });
  });

  it('draws in the colours of a given picture', async () => {
    await rig.start({ runMs: 0 });
    const red = (await plainSquare(64, '#e01010')).toString('base64');
    const plain = await rig.imagine('abstract shapes --seed 4 [sim:small]');
    const given = await rig.imagine('abstract shapes --seed 4 [sim:small]', { base64Array: [red] });
    const redness = async (url: string): Promise<number> => {
      const { channels } = await sharp(await rig.picture(url)).stats();
      return (channels[0]?.mean ?? 0) - (channels[2]?.mean ?? 0);
    };
    expect(await redness(given.imageUrl as string)).toBeGreaterThan(await redness(plain.imageUrl as string));
  });

  it('tells its seed once it is done, and takes a given one', async () => {
    await rig.start({ runMs: 1_200 });
    const { result } = await rig.post('/mj/submit/imagine', { prompt: 'fox --seed 42' });
    const early = await rig.read(`/mj/task/${result as string}/image-seed`);
    expect([early.status, ((await early.json()) as Json).code]).toEqual([400, 4]);
    await rig.ended(result as string);
    expect(await (await rig.read(`/mj/task/${result as string}/image-seed`)).json()).toMatchObject({
      code: 1,
      result: '42',
    });
    expect((await rig.read('/mj/task/1000000000000000/image-seed')).status).toBe(404);
  });
});

describe('places', () => {
  it('are given in turn, then a queue, then code 23; a cancelled task frees its own', async () => {
    await rig.start({ runMs: 60_000, concurrency: 1, queue: 2 });
    const replies: Json[] = [];
    for (const prompt of ['a', 'b', 'c', 'd']) replies.push(await rig.post('/mj/submit/imagine', { prompt }));
    expect(replies.map(({ code }) => code as number)).toEqual([1, 22, 22, 23]);
    expect(replies[2]?.properties).toMatchObject({ numberOfQueues: 1 });
    expect(replies[3]?.result).toBeNull();
    const ids = replies.slice(0, 3).map(({ result }) => result as string);
    expect(await rig.task(ids[1] ?? '')).toMatchObject({ status: 'NOT_START', progress: null });
    const queue = (await (await rig.read('/mj/task/queue')).json()) as Json[];
    expect(queue.map(({ id }) => id as string)).toEqual(ids);
    expect(await rig.post(`/mj/task/${ids[0] ?? ''}/cancel`, {})).toMatchObject({ code: 1 });
    expect(await rig.task(ids[0] ?? '')).toMatchObject({ status: 'CANCEL', finishTime: expect.any(Number) });
    while ((await rig.task(ids[1] ?? '')).status === 'NOT_START') await sleep(10);
    expect(await rig.post(`/mj/task/${ids[0] ?? ''}/cancel`, {})).toMatchObject({ code: 4 });
    expect((await rig.listed()).map(({ id }) => id as string)).toEqual([...ids].reverse());
  });
});
