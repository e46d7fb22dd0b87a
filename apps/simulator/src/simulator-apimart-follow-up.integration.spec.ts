import sharp from 'sharp';
import { ApimartRig, buttonWords } from './test/apimart-rig.js';
import { difference, type Json } from './test/simulator-rig.js';

const rig = new ApimartRig();
afterEach(() => rig.end());

/** A mask whose left half is white and whose right half is black. */
const halfMask = async (): Promise<string> => {
  const white = await sharp({ create: { width: 32, height: 64, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const whole = sharp({ create: { width: 64, height: 64, channels: 3, background: '#000' } });
  return (
    await whole
      .composite([{ input: white, left: 0, top: 0 }])
      .png()
      .toBuffer()
  ).toString('base64');
};

const single = async (prompt: string): Promise<Json> => {
  const grid = await rig.done('', { prompt });
  return rig.done('/upscale', { task_id: grid.id, index: 2 });
};

describe('APIMart: follow-ups', () => {
  it('cut U pictures out, vary, reroll, zoom and pan, by number and by custom_id', async () => {
    await rig.start({ runMs: 0 });
    const grid = await rig.done('', { prompt: 'hills --ar 2:1 [sim:small]', speed: 'fast' });
    const task_id = grid.id as string;
    const one = await rig.done('/upscale', { task_id, index: 2 });
    expect(one).toMatchObject({ action: 'UPSCALE', mode: 'FAST', grid_image_url: '' });
    const quarter = await rig.picture((grid.image_urls as string[])[1]);
    expect(await difference(quarter, await rig.picture((one.image_urls as string[])[0]))).toBeLessThan(5);
    expect(buttonWords(one)).toContain('MJ::Inpaint::1');
    expect(buttonWords(one).filter((word) => word.includes('upsample'))).toEqual([]);

    const button = (grid.buttons as Json[])[7].customId as string;
    for (const [path, body, action] of [
      ['/variation', { task_id, index: 1, custom_id: button }, 'VARIATION'],
      ['/low-variation', { task_id: one.id }, 'LOW_VARIATION'],
      ['/high-variation', { task_id, index: 4 }, 'HIGH_VARIATION'],
      ['/reroll', { task_id }, 'REROLL'],
      ['/zoom', { task_id: one.id, zoom_ratio: 1.5 }, 'ZOOM'],
      ['/pan', { task_id: one.id, direction: 'left' }, 'PAN'],
      ['/upscale', { task_id: one.id, custom_id: 'MJ::JOB::upsample_v7_2x_subtle::1::x::SOLO' }, 'UPSCALE'],
    ] as const)
      expect(await rig.done(path, body)).toMatchObject({ action, status: 'SUCCESS', prompt: 'hills --ar 2:1' });
    for (const [path, body] of [
      ['/zoom', { task_id }],
      ['/inpaint', { task_id }],
      ['/remix-strong', { task_id, index: 1 }],
      ['/reroll', { task_id, custom_id: button }],
      ['/upscale', { task_id, index: 5 }],
      ['/upscale', { task_id: one.id, index: 1 }],
      ['/video', { task_id, index: 4 }],
    ] as const)
      expect((await rig.submit(path, body)).json).toMatchObject({ error: { code: 400 } });
  });

  it('remix V8 pictures, and nothing that V8 lacks', async () => {
    await rig.start({ runMs: 0 });
    const grid = await rig.done('', { prompt: 'hills --v 8.2 [sim:small]' });
    const task_id = grid.id as string;
    const remix = await rig.done('/remix-subtle', { task_id, index: 3, prompt: 'dunes --v 8.2' });
    expect(remix).toMatchObject({ action: 'REMIX_SUBTLE', status: 'SUCCESS', prompt: 'dunes --v 8.2' });
    expect(await rig.done('/pan', { task_id, direction: 'up' })).toMatchObject({ status: 'SUCCESS' });
    for (const [path, body] of [
      ['/upscale', { task_id, index: 1 }],
      ['/zoom', { task_id }],
      ['/inpaint', { task_id }],
    ] as const)
      expect(await rig.submit(path, body)).toMatchObject({ http: 400 });
  });

  it('wait in a window, repaint what the mask has white, once', async () => {
    await rig.start({ runMs: 0 });
    const one = await single('a quiet sea [sim:small]');
    const { json } = await rig.submit('/inpaint', { task_id: one.id });
    expect(json).toMatchObject({ code: 200, data: [{ status: 'modal' }] });
    const id = (json.data as Json[])[0]?.task_id as string;
    expect(await rig.midjourney(id)).toMatchObject({ status: 'MODAL', action: 'INPAINT', buttons: [], completed: 0 });
    expect(await rig.unified(id)).toMatchObject({ status: 'pending' });
    const answer = { task_id: id, prompt: 'a city at night', mask_url: await halfMask(), speed: 'fast' };
    const both = await Promise.all([rig.begin('/modal', answer), rig.begin('/modal', answer)]);
    expect(both).toEqual([id, id]);
    const repainted = await rig.finished(id);
    expect(repainted).toMatchObject({ status: 'SUCCESS', mode: 'FAST', prompt: 'a city at night' });
    const [left, right] = await halvesDiffer(one, repainted);
    expect(left).toBeGreaterThan(right);
    expect(await rig.accepted('a city at night')).toMatchObject({ count: 1 });
  });

  it('can be told that masks mean the reverse, and grow outwards without one', async () => {
    await rig.start({ runMs: 0, apimart: { masks: 'white-keeps' } });
    const one = await single('a quiet sea [sim:small]');
    const masked = await rig.begin('/inpaint', { task_id: one.id });
    await rig.begin('/modal', { task_id: masked, prompt: 'a city at night', mask_url: await halfMask() });
    const [left, right] = await halvesDiffer(one, await rig.finished(masked));
    expect(right).toBeGreaterThan(left);
    const plain = await rig.begin('/inpaint', { task_id: one.id });
    const wider = await rig.finished(await rig.begin('/modal', { task_id: plain, prompt: 'a sea --ar 2:1' }));
    const { width, height } = await sharp(await rig.picture(wider.grid_image_url as string)).metadata();
    expect(width / height).toBeCloseTo(2, 1);
    const zoom = await rig.submit('/zoom', { task_id: one.id, custom_id: 'MJ::CustomZoom::1::x' });
    expect(zoom.json).toMatchObject({ data: [{ status: 'modal' }] });
  });

  it('lose a window that nobody answers, and get the money back', async () => {
    await rig.start({ runMs: 0, apimart: { windowMs: 20 } });
    const one = await single('sea [sim:small]');
    const id = await rig.begin('/inpaint', { task_id: one.id });
    expect(await rig.finished(id)).toMatchObject({ status: 'FAILURE', fail_reason: 'Task timeout', cost: 0 });
    expect(await rig.unified(id)).toMatchObject({ status: 'cancelled' });
    expect(await rig.submit('/modal', { task_id: id })).toMatchObject({ http: 400 });
    const { http } = await rig.submit('/modal', { task_id: one.id });
    expect(http).toBe(400);
  });

  it('need a parent that has succeeded, is known, and is the key’s own', async () => {
    const keys = { secret: 'mine', apimart: { otherKeys: ['theirs'] } };
    await rig.start({ runMs: 0, ...keys });
    const [mine, theirs] = ['mine', 'theirs'].map((key) => ({ authorization: `Bearer ${key}` }));
    const id = await rig.begin('', { prompt: 'x [sim:stall]' }, mine);
    const upscale = (headers?: Record<string, string>, task_id = id): Promise<{ http: number }> =>
      rig.submit('/upscale', { task_id, index: 1 }, headers);
    expect(await upscale(mine)).toMatchObject({
      http: 400,
      json: { error: { message: expect.stringMatching(/succe/) } },
    });
    expect(await upscale(theirs)).toMatchObject({ http: 403, json: { error: { type: 'permission_error' } } });
    expect(await upscale(mine, 'task_01')).toMatchObject({ http: 404, json: { error: { type: 'not_found_error' } } });
    expect(await upscale()).toMatchObject({ http: 401, json: { error: { type: 'authentication_error' } } });
    expect(await rig.midjourney(id, theirs)).toMatchObject({ error: { code: 403 } });
    expect(await rig.midjourney(id, mine)).toMatchObject({ id });
    await rig.stop();
    await rig.start({ ...keys, apimart: { ...keys.apimart, retentionMs: 0 } });
    expect(await rig.midjourney(id, mine)).toMatchObject({ error: { code: 404 } });
  });
});

/** How much the first new picture differs from the old one: in its left half and in its right half. */
async function halvesDiffer(before: Json, after: Json): Promise<[number, number]> {
  const [one, other] = await Promise.all(
    [before, after].map(async (task) => {
      const bytes = await rig.picture((task.image_urls as string[])[0]);
      return sharp(bytes).resize(64, 64, { fit: 'fill' }).png().toBuffer();
    }),
  );
  const half = (bytes: Buffer | undefined, left: number): Promise<Buffer> =>
    sharp(bytes).extract({ left, top: 0, width: 24, height: 64 }).png().toBuffer();
  return [
    await difference(await half(one, 0), await half(other, 0)),
    await difference(await half(one, 40), await half(other, 40)),
  ];
}
