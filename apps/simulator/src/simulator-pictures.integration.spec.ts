import sharp from 'sharp';
import { type Json, plainSquare, SimulatorRig } from './test/simulator-rig.js';

const rig = new SimulatorRig();
afterEach(() => rig.end());

describe('the other submits', () => {
  it('blend, edit, retexture and swap draw from what they are given', async () => {
    await rig.start({ runMs: 0 });
    const [red, blue] = await Promise.all([plainSquare(80, '#d02020'), plainSquare(80, '#2020d0')]);
    const [one, two] = [`data:image/png;base64,${red.toString('base64')}`, blue.toString('base64')];
    const fast = { 'x-simulator-fault': 'small=96' };
    const blend = await rig.post('/mj/submit/blend', { base64Array: [one, two], dimensions: 'PORTRAIT' }, fast);
    const blended = await rig.ended(blend.result as string);
    expect((blended.width as number) / (blended.height as number)).toBeCloseTo(2 / 3, 1);
    const { channels } = await sharp(await rig.picture(blended.imageUrl as string)).stats();
    expect((channels[0]?.mean ?? 0) + (channels[2]?.mean ?? 0)).toBeGreaterThan(2 * (channels[1]?.mean ?? 255));
    for (const [path, body, action] of [
      ['/mj/submit/edits', { prompt: 'a castle', image: two }, 'EDIT'],
      ['/mj/submit/retexture', { prompt: 'flowers', image: two }, 'RETEXTURE'],
      ['/mj/insight-face/swap', { sourceBase64: one, targetBase64: two }, 'SWAP_FACE'],
    ] as const) {
      const done = await rig.ended((await rig.post(path, body, fast)).result as string);
      expect(done).toMatchObject({ action, status: 'SUCCESS' });
      expect((await sharp(await rig.picture(done.imageUrl as string)).metadata()).format).toBe('png');
    }
  });

  it('describe says what it sees, and its buttons imagine it', async () => {
    await rig.start({ runMs: 0 });
    const base64 = (
      await sharp({ create: { width: 90, height: 60, channels: 3, background: '#1040d0' } })
        .png()
        .toBuffer()
    ).toString('base64');
    const seen = await rig.ended((await rig.post('/mj/submit/describe', { base64 })).result as string);
    expect(seen.promptEn).toMatch(/^1️⃣ .*blue.*--ar 3:2\n\n2️⃣ /);
    expect(seen.properties).toMatchObject({ finalPrompt: seen.promptEn as string });
    const all = await rig.post('/mj/submit/action', {
      taskId: seen.id,
      customId: 'MJ::Job::PicReader::all',
      state: 'b',
    });
    const ids = (all.result as string).split(',');
    expect([all.code, ids.length, new Set(ids).size]).toEqual([1, 4, 4]);
    expect(await rig.task(ids[3] ?? '')).toMatchObject({ action: 'IMAGINE', state: 'b::4' });
    const opened = await rig.press(seen, '2️⃣');
    expect(opened).toMatchObject({ code: 21, properties: { finalPrompt: expect.stringContaining('--ar 3:2') } });
  });

  it('shorten answers in its description', async () => {
    await rig.start({ runMs: 0 });
    const short = await rig.ended(
      (await rig.post('/mj/submit/shorten', { prompt: 'a very quiet lake under the moon' })).result as string,
    );
    expect(short).toMatchObject({ imageUrl: null, description: expect.stringContaining('## Shortened prompts') });
    expect(short.buttons).toHaveLength(5);
  });

  it('upload answers URLs at once', async () => {
    await rig.start();
    const reply = await rig.post('/mj/submit/upload-discord-images', {
      base64Array: [(await plainSquare(20, '#0f0')).toString('base64')],
    });
    const [url] = reply.result as string[];
    expect((await sharp(await rig.picture(url ?? '')).metadata()).format).toBe('webp');
    expect(await rig.listed()).toEqual([]);
  });

  it.each([
    ['/mj/submit/imagine', { prompt: ' ' }, 4, 'prompt不能为空'],
    ['/mj/submit/imagine', { prompt: 'x', base64Array: ['!!'] }, 4, 'base64格式错误'],
    ['/mj/submit/imagine', { prompt: 'x', base64Array: ['aGVsbG8gd29ybGQ='] }, 4, 'base64格式错误'],
    ['/mj/submit/blend', { base64Array: ['x'] }, 4, '图片参数错误，2~5张图片'],
    ['/mj/submit/describe', {}, 4, 'base64或link不能为空'],
    ['/mj/submit/describe', { link: 'ftp://x' }, 4, '链接格式错误'],
    ['/mj/submit/edits', { prompt: 'x' }, 4, 'image或prompt不能为空'],
    ['/mj/submit/video', {}, 4, 'Prompt 不能为空'],
    ['/mj/submit/video', { prompt: 'x', taskId: '1' }, 4, '任务类型错误'],
    ['/mj/insight-face/swap', {}, 4, '人脸图片不能为空'],
    ['/mj/submit/imagine', { prompt: {} }, -1, undefined],
    ['/mj/submit/imagine', { prompt: 'x', state: 'y'.repeat(256) }, -1, undefined],
    ['/mj/submit/imagine', [], -1, undefined],
  ])('%s refuses %j', async (path, body, code, description) => {
    await rig.start();
    const answer = await rig.send(path, body);
    expect(answer.status).toBe(200);
    const json = (await answer.json()) as Json;
    expect(json.code).toBe(code);
    expect(json.description).toBe(description);
  });
});
