import sharp from 'sharp';
import { readMp4 } from './test/mp4.js';
import { difference, type Json, SimulatorRig } from './test/simulator-rig.js';

const rig = new SimulatorRig();
afterEach(() => rig.end());

describe('follow-ups', () => {
  it('wait in a window for Inpaint, once', async () => {
    await rig.start({ runMs: 40 });
    const grid = await rig.imagine('hills [sim:small]');
    const single = await rig.ended(
      (await rig.post('/mj/submit/change', { taskId: grid.id, action: 'UPSCALE', index: 1 })).result as string,
    );
    const opened = await rig.press(single, 'Vary (Region)', { state: 'w' });
    expect(opened).toMatchObject({ code: 21, properties: { finalPrompt: '', remix: true } });
    const id = opened.result as string;
    expect(await rig.task(id)).toMatchObject({ status: 'MODAL', prompt: '', startTime: null, buttons: [] });
    const mask = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const confirm = { taskId: id, prompt: 'a night city', maskBase64: mask.toString('base64') };
    const replies = await Promise.all([rig.post('/mj/submit/modal', confirm), rig.post('/mj/submit/modal', confirm)]);
    expect(replies.map(({ code, result }) => [code, result] as unknown)).toEqual([
      [1, id],
      [1, id],
    ]);
    const done = await rig.ended(id);
    expect(done).toMatchObject({ status: 'SUCCESS', action: 'VARIATION', state: 'w', prompt: 'a night city' });
    const parent = await rig.picture(single.imageUrl as string);
    expect(await difference(parent, await rig.picture((done.imageUrls as Json[])[0]?.url as string))).toBeGreaterThan(
      10,
    );
  });

  it('fall back to the final prompt when a window is answered with nothing', async () => {
    await rig.start({ runMs: 0 });
    const grid = await rig.imagine('sea --ar 2:1 [sim:small]');
    const opened = await rig.press(grid, 'V3', { enableRemix: true });
    expect(opened).toMatchObject({ code: 21, properties: { finalPrompt: 'sea --ar 2:1' } });
    await rig.post('/mj/submit/modal', { taskId: opened.result });
    expect(await rig.ended(opened.result as string)).toMatchObject({ status: 'SUCCESS', prompt: 'sea --ar 2:1' });
  });

  it('make variations that are relatives, rerolls that are not, wider pans', async () => {
    await rig.start({ runMs: 0 });
    const grid = await rig.imagine('mountains at dawn --seed 3 [sim:small]');
    const single = await rig.ended(
      (await rig.post('/mj/submit/simple-change', { content: `${grid.id as string} u1` })).result as string,
    );
    const base = await rig.picture(single.imageUrl as string);
    const first = async (label: string): Promise<Buffer> => {
      const child = await rig.ended((await rig.press(single, label)).result as string);
      return rig.picture((child.imageUrls as Json[])[0]?.url as string);
    };
    const [subtle, strong] = [
      await difference(base, await first('Vary (Subtle)')),
      await difference(base, await first('Vary (Strong)')),
    ];
    expect(subtle).toBeGreaterThan(0);
    expect(strong).toBeGreaterThan(subtle);
    const panned = await rig.ended((await rig.press(single, '➡️')).result as string);
    expect(panned).toMatchObject({ action: 'PAN' });
    expect((panned.width as number) / (panned.height as number)).toBeCloseTo(1.5, 1);
    expect(await rig.ended((await rig.press(single, 'Zoom Out 2x')).result as string)).toMatchObject({
      action: 'ZOOM',
      status: 'SUCCESS',
    });
  });

  it('animate a picture, and extend and single out clips', async () => {
    await rig.start({ runMs: 0 });
    const grid = await rig.imagine('sea [sim:small]');
    const single = await rig.ended((await rig.press(grid, 'U1')).result as string);
    const film = await rig.ended((await rig.press(single, 'Animate (Low motion)')).result as string);
    expect(film.videoUrls).toHaveLength(4);
    const clip = await rig.picture(film.videoUrl as string);
    expect(readMp4(clip)).toMatchObject({ codec: 'avc1', seconds: 2.5, frames: 25 });
    expect(film).toMatchObject({ videoDuration: 3, frameCount: 25, contentType: 'video/mp4' });
    const still = await sharp(await rig.picture(film.imageUrl as string)).metadata();
    expect(still.format).toBe('webp');
    const { width, height } = readMp4(clip);
    expect([width, height]).toEqual([still.width, still.height]);
    const one = await rig.ended((await rig.press(film, 'U2')).result as string);
    expect(one.videoUrls).toHaveLength(1);
    const longer = await rig.post('/mj/submit/video', { prompt: 'on', taskId: one.id, action: 'extend', index: 0 });
    expect(await rig.ended(longer.result as string)).toMatchObject({ action: 'VIDEO', frameCount: 37 });
  });

  it('refuse as midjourney-proxy does', async () => {
    await rig.start({ runMs: 60_000 });
    const unknown = await rig.send('/mj/submit/action', { taskId: '1', customId: 'MJ::JOB::upsample::1::x' });
    expect([unknown.status, ((await unknown.json()) as Json).code]).toEqual([404, 3]);
    const { result } = await rig.post('/mj/submit/imagine', { prompt: 'fox' });
    const press1 = { taskId: result, customId: 'MJ::JOB::upsample::1::x' };
    expect(await rig.post('/mj/submit/action', press1)).toMatchObject({
      code: 4,
      description: '关联任务状态错误',
      result: null,
    });
    expect(await rig.post('/mj/submit/modal', { taskId: result })).toMatchObject({ code: 4 });
    expect(await rig.post('/mj/submit/simple-change', { content: 'x  U1' })).toMatchObject({
      code: 4,
      description: 'content参数错误',
    });
    expect(await rig.post('/mj/submit/change', { taskId: result, action: 'ZOOM' })).toMatchObject({
      code: 4,
      description: 'action参数错误',
    });
  });
});
