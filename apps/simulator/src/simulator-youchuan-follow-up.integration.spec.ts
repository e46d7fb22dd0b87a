import sharp from 'sharp';
import { difference, type Json, plainSquare } from './test/simulator-rig.js';
import { readMp4 } from './test/mp4.js';
import { TobRig } from './test/tob-rig.js';

const rig = new TobRig('/v1/tob');
afterEach(() => rig.end());

const urlsOf = (job: Json): string[] => job.urls as string[];
const over = (job: Json): boolean => job.status === 3 || (job.status === 2 && urlsOf(job).length > 0);
const small = { 'x-simulator-fault': 'small=96' };
const made = async (path: string, body: Json): Promise<Json> => {
  const begun = await rig.ordered(path, body, small);
  expect(begun).toMatchObject({ id: expect.any(String), status: 1 });
  return rig.until(begun.id as string, over);
};
const pictureOf = (job: Json, at = 0): Promise<Buffer> => rig.picture(urlsOf(job)[at] ?? '');
const grid = (text = 'a red fox in snow --v 7'): Promise<Json> => made('diffusion', { text });

describe('follow-ups at Youchuan', () => {
  it.each<[string, Json, number]>([
    ['variation', { imageNo: 1, type: 1 }, 4],
    ['variation', { imageNo: 3, type: 0, remixPrompt: 'a cat --v 7' }, 4],
    ['upscale', { imageNo: 0, type: 0 }, 1],
    ['reroll', {}, 4],
    ['pan', { imageNo: 0, direction: 1, scale: 1.5 }, 4],
    ['outpaint', { imageNo: 0, scale: 2 }, 4],
    ['remix', { imageNo: 0, remixPrompt: 'a cat', mode: 0 }, 4],
    [
      'edit',
      {
        imageNo: 0,
        remixPrompt: 'a sea',
        canvas: { width: 300, height: 100 },
        imgPos: { width: 100, height: 100, x: 100, y: 0 },
      },
      4,
    ],
    ['video-diffusion', { imageNo: 2, videoType: 0, prompt: '--motion high --bs 2' }, 2],
  ])('%s %j makes %d', async (path, body, count) => {
    await rig.start({ runMs: 0 });
    const parent = await grid();
    const job = await made(path, { jobId: parent.id as string, ...body });
    expect(job).toMatchObject({ status: 2, audits: Array<string>(count).fill('') });
    expect(urlsOf(job)).toHaveLength(count);
    expect((await rig.accepted('')).jobs).toMatchObject([{}, { operation: path, parentId: parent.id as string }]);
  });

  it('pan and outpaint show more than their picture', async () => {
    await rig.start({ runMs: 0 });
    const parent = await grid();
    const wide = await made('pan', { jobId: parent.id as string, imageNo: 0, direction: 3, scale: 2 });
    const { width, height } = await sharp(await pictureOf(wide)).metadata();
    expect(width / height).toBeCloseTo(2, 1);
  });

  it('an inpaint changes only what its mask shows white', async () => {
    await rig.start({ runMs: 0 });
    const half = sharp({ create: { width: 100, height: 100, channels: 3, background: '#000' } }).composite([
      {
        input: await sharp({ create: { width: 50, height: 100, channels: 3, background: '#fff' } })
          .png()
          .toBuffer(),
        left: 50,
        top: 0,
      },
    ]);
    const host = await rig.serve({ 'mask.png': await half.png().toBuffer() });
    const parent = await grid();
    const before = await pictureOf(parent, 1);
    const { width, height } = await sharp(before).metadata();
    const part = (bytes: Buffer, left: number): Promise<Buffer> =>
      sharp(bytes)
        .extract({ left: Math.round(left * width), top: 0, width: Math.floor(width * 0.4), height })
        .png()
        .toBuffer();
    const masks = [
      { url: `${host}/mask.png` },
      { areas: [{ width: 1000, height: 1000, points: [500, 0, 1000, 0, 1000, 1000, 500, 1000] }] },
    ];
    for (const mask of masks) {
      const job = await made('inpaint', {
        jobId: parent.id as string,
        imageNo: 1,
        mask,
        remixPrompt: 'a green forest at night',
      });
      const after = await pictureOf(job);
      expect(await difference(await part(before, 0), await part(after, 0))).toBeLessThan(2);
      expect(await difference(await part(before, 0.6), await part(after, 0.6))).toBeGreaterThan(8);
    }
  });

  it('what began with a picture of the client can only be upscaled, once', async () => {
    await rig.start({ runMs: 0 });
    const host = await rig.serve({ 'in.png': await plainSquare(64, '#2040c0') });
    const imgUrl = `${host}/in.png`;
    const layout = { canvas: { width: 64, height: 64 }, imgPos: { width: 64, height: 64, x: 0, y: 0 } };
    const painted = await made('upload-paint', { imgUrl, remixPrompt: 'a boat', ...layout });
    expect(urlsOf(painted)).toHaveLength(4);
    expect(urlsOf(await made('retexture', { imgUrl, remixPrompt: 'oil paint' }))).toHaveLength(4);
    const cut = await made('remove-background', { imgUrl });
    expect((await sharp(await pictureOf(cut)).metadata()).hasAlpha).toBe(true);
    const jobId = painted.id as string;
    expect(await rig.refusal('reroll', { jobId })).toMatchObject({ http: 405, reason: 'Not_Support' });
    const large = await made('upscale', { jobId, imageNo: 2, type: 1 });
    expect(await rig.refusal('upscale', { jobId: large.id as string, imageNo: 0, type: 1 })).toMatchObject({
      http: 400,
      reason: 'Job_ReUpscale_Not_Support',
    });
    expect(await made('retexture', { imgUrl: `${host}/none`, remixPrompt: 'x' })).toMatchObject({
      status: 3,
      text: 'x',
    });
  });

  it('videos have as many links as --bs says, can be extended four times, and upscaled', async () => {
    await rig.start({ runMs: 0 });
    const host = await rig.serve({ 'in.png': await plainSquare(64, '#2040c0') });
    const film = await made('video-diffusion', { prompt: `${host}/in.png the sea --bs 1 --motion high`, videoType: 1 });
    expect(urlsOf(film)).toHaveLength(1);
    expect(readMp4(await pictureOf(film)).codec).toBe('avc1');
    let last = film;
    for (let times = 0; times < 4; times += 1)
      last = await made('extend-video', { jobId: last.id as string, videoNo: 0, prompt: 'on --bs 1' });
    const again = { jobId: last.id as string, videoNo: 0, prompt: 'on' };
    expect(await rig.refusal('extend-video', again)).toMatchObject({ http: 405, reason: 'Not_Support' });
    expect(urlsOf(await made('video-upscale', { jobId: film.id as string, videoNo: 0, type: 0 }))).toHaveLength(1);
  });

  it('drafts can be enhanced, V8.1 lacks four operations and upscales all four', async () => {
    await rig.start({ runMs: 0 });
    const [draft, plain, newest] = [await grid('a fox --draft --v 7'), await grid(), await grid('a fox --v 8.1')];
    expect(urlsOf(await made('enhance', { jobId: draft.id as string, imageNo: 0 }))).toHaveLength(4);
    expect(await rig.refusal('enhance', { jobId: plain.id as string, imageNo: 0 })).toMatchObject({ http: 405 });
    const jobId = newest.id as string;
    for (const [path, body] of [
      ['pan', { direction: 0, scale: 1.5 }],
      ['outpaint', { scale: 1.5 }],
      ['inpaint', { mask: { areas: [] } }],
      ['enhance', {}],
    ] as const)
      expect(await rig.refusal(path, { jobId, imageNo: 0, ...body })).toMatchObject({
        http: 405,
        reason: 'Not_Support',
      });
    expect(urlsOf(await made('upscale', { jobId, imageNo: 0, type: 0 }))).toHaveLength(4);
  });

  it.each<[string, Json]>([
    ['variation', { imageNo: 4, type: 0 }],
    ['variation', { imageNo: 0 }],
    ['variation', { imageNo: 0, type: 2 }],
    ['pan', { imageNo: 0, direction: 4, scale: 1.5 }],
    ['pan', { imageNo: 0, direction: 0, scale: 1 }],
    ['outpaint', { imageNo: 0, scale: 2.5 }],
    ['inpaint', { imageNo: 0 }],
    ['remix', { imageNo: 0, mode: 0 }],
    ['edit', { imageNo: 0, remixPrompt: 'x', canvas: { width: 10 }, imgPos: {} }],
    ['extend-video', { videoNo: 0, prompt: 'x' }],
    ['video-diffusion', { imageNo: 0, videoType: 2 }],
  ])('%s refuses %j', async (path, body) => {
    await rig.start({ runMs: 0 });
    const parent = await grid();
    const refusal = { http: 400, reason: 'Invalid_Argument' };
    expect(await rig.refusal(path, { jobId: parent.id as string, ...body })).toMatchObject(refusal);
    expect(await rig.refusal(path, { ...body, jobId: '66f000000000000000000000' })).toMatchObject({
      http: expect.any(Number),
    });
  });
});
