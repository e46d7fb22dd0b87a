import sharp from 'sharp';
import { difference, type Json, plainSquare } from './test/simulator-rig.js';
import { TobRig } from './test/tob-rig.js';

const rig = new TobRig('/v1/tob');
afterEach(() => rig.end());

const over = (job: Json): boolean => job.status === 3 || (job.status === 2 && (job.urls as string[]).length > 0);
const draw = async (text: string, more: Json = {}): Promise<Json> => {
  const { id } = await rig.ordered('diffusion', { text, ...more });
  return rig.until(id as string, over);
};

describe('a diffusion at Youchuan', () => {
  it('is a job that runs, succeeds before its links are there, and has four pictures of the asked shape', async () => {
    await rig.start();
    const text = 'a red fox in snow --ar 3:2 --v 7 --seed 42 [sim:small=96]';
    const begun = await rig.ordered('diffusion', { text });
    expect(begun).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{24}$/), text, status: 1, urls: [], seed: 42 });
    const first = await rig.until(begun.id as string, ({ status }) => status === 2);
    expect(first).toMatchObject({ urls: [], comment: '执行成功' });
    const job = await rig.until(begun.id as string, over);
    expect(job).toMatchObject({ status: 2, audits: ['', '', '', ''], cost: { jobId: begun.id as string } });
    const pictures = await Promise.all((job.urls as string[]).map((url) => rig.picture(url)));
    expect(pictures).toHaveLength(4);
    const { width, height } = await sharp(pictures[0]).metadata();
    expect(width / height).toBeCloseTo(1.5, 1);
    expect(await difference(pictures[0], pictures[1])).toBeGreaterThan(1);
    expect((await rig.listed()).length).toBe(0);
  });

  it('draws in the colours of linked pictures, and fails when a link leads nowhere', async () => {
    await rig.start({ runMs: 0 });
    const host = await rig.serve({ 'red.png': await plainSquare(64, '#e01010') });
    const redness = async (job: Json): Promise<number> => {
      const { channels } = await sharp(await rig.picture((job.urls as string[])[0] ?? '')).stats();
      return (channels[0]?.mean ?? 0) - (channels[2]?.mean ?? 0);
    };
    const plain = await draw('abstract shapes --seed 4 [sim:small]');
    const given = await draw(`${host}/red.png abstract shapes --seed 4 [sim:small]`);
    expect(await redness(given)).toBeGreaterThan(await redness(plain));
    expect(await draw(`${host}/gone.png abstract`)).toMatchObject({ status: 3, comment: 'InvalidImagePromptLink' });
    expect((await draw(`${host}/red.png ${host}/red.png`)).urls).toHaveLength(4);
  });

  it('survives a restart', async () => {
    await rig.start({ runMs: 0 });
    const job = await draw('a fox');
    await rig.stop();
    await rig.start({ runMs: 0 });
    expect(await rig.until(job.id as string, over)).toMatchObject({ status: 2, seed: job.seed as number });
  });

  it('asks for the pair of headers where a secret is set', async () => {
    await rig.start({ secret: 's' });
    const refused = { http: 401, code: 401, reason: 'Invalid_App_Identifier', message: expect.any(String) };
    expect(await rig.refusal('diffusion', { text: 'x' })).toEqual(refused);
    expect(await rig.refusal('diffusion', { text: 'x' }, { 'x-youchuan-secret': 's' })).toEqual(refused);
    const pair = { 'x-youchuan-app': 'mine', 'x-youchuan-secret': 's' };
    expect(await rig.refusal('diffusion', { text: 'x' }, pair)).toMatchObject({ http: 200, status: 1 });
    expect(await rig.get('subscribe', pair)).toMatchObject({ http: 200 });
  });

  const wrong: [Json, number, string][] = [
    [{}, 400, 'Invalid_Argument'],
    [{ text: '' }, 400, 'Invalid_Argument'],
    [{ text: 'x'.repeat(8193) }, 400, 'Invalid_Argument'],
    [{ text: 'x', callback: 'x'.repeat(2049) }, 400, 'Invalid_Argument'],
    [{ text: 'x --v 8.2' }, 400, 'Invalid_Prompt_Parameter'],
    [{ text: 'x --weird 4 --v 8.1' }, 400, 'Invalid_Prompt_Parameter'],
    [{ text: 'x --sv 4 --v 8.1' }, 400, 'Invalid_Prompt_Parameter'],
    [{ text: 'x {a, b}' }, 400, 'Invalid_Prompt_Parameter'],
    [{ text: 'x --relax' }, 403, 'Relax_Not_Allow'],
    [{ text: 'gore everywhere' }, 403, 'Msg_Sensitive'],
  ];
  it.each(wrong)('refuses %j with %d %s', async (body, http, reason) => {
    await rig.start();
    expect(await rig.refusal('diffusion', body)).toMatchObject({ http, code: http, reason });
    expect(await rig.accepted('')).toMatchObject({ count: 0 });
  });

  it('runs no more at once than the plan allows', async () => {
    await rig.start({ runMs: 60_000, concurrency: 1 });
    expect(await rig.refusal('diffusion', { text: 'x' })).toMatchObject({ http: 200 });
    expect(await rig.refusal('diffusion', { text: 'x' })).toMatchObject({
      http: 429,
      reason: 'Max_Concurrent_Limited',
    });
  });

  it('does not know other ids, nor other routes', async () => {
    await rig.start();
    expect(await rig.get('job/66f000000000000000000000')).toMatchObject({ http: 404, reason: 'Not_Found' });
    expect(await rig.refusal('describe', {})).toMatchObject({ http: 404, reason: 'Not_Found' });
  });
});
