import { EgressPolicy } from '#libs/net';
import { Task } from '#libs/tracking';
import { PictureText, type Picture } from '#libs/upstream';
import { MjError } from '../../http/errors/mj-error.js';
import { planBlend } from './blend.plan.js';
import { planDescribe } from './describe.plan.js';
import { planEdits } from './edits.plan.js';
import { planImagine } from './imagine.plan.js';
import { LinkedPicture, type GivenPicture } from '../pictures/picture.js';
import { planShorten } from './shorten.plan.js';
import { linksIn, withPictures } from '../pictures/planned-work.js';
import type { SubmitPlan } from './submit-plan.js';
import { planSwap } from './swap.plan.js';
import { planUpload } from './upload.plan.js';
import { planVideo } from './video.plan.js';

const RAW = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const DATA = `data:image/png;base64,${RAW}`;
const LINK = 'https://images.example.com/fox.png';
/** Takes links as they are, as if nothing had to be fetched. */
const take = (given: GivenPicture): Picture => (given instanceof LinkedPicture ? given.url : given);
const egress = new EgressPolicy();
const nobody = (): Promise<null> => Promise.resolve(null);
const film = (overrides: Partial<Task> = {}): Task =>
  Object.assign(new Task(), {
    id: '6237012345678901',
    status: 'SUCCESS',
    prompt: 'it flies',
    botType: 'MID_JOURNEY',
    mode: 'TURBO',
    upstreamId: '7',
    upstreamTaskId: 'up-1',
    ...overrides,
  });

async function refusal(plan: () => SubmitPlan | Promise<SubmitPlan>): Promise<[string, unknown]> {
  const error: unknown = await Promise.resolve()
    .then(plan)
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  if (!(error instanceof MjError)) throw new Error('it was not refused');
  return [error.code, error.extras.properties?.['field']];
}

describe('blend', () => {
  it('takes two to five pictures, and leaves empty places out', async () => {
    const plan = await planBlend({ base64Array: [RAW, '', DATA, '  '], dimensions: 'landscape' }, egress);
    expect(plan).toMatchObject({ action: 'BLEND', prompt: '', description: '/blend' });
    expect(withPictures(plan.work, take)).toMatchObject({
      kind: 'blend',
      images: [DATA, DATA],
      dimensions: 'LANDSCAPE',
    });
    expect(withPictures((await planBlend({ base64Array: [RAW, RAW] }, egress)).work, take)).toMatchObject({
      dimensions: 'SQUARE',
    });
  });

  it.each([
    [{}, 'base64_array_is_required', 'base64Array'],
    [{ base64Array: [RAW, ''] }, 'base64_array_is_required', 'base64Array'],
    [{ base64Array: Array.from({ length: 6 }, () => RAW) }, 'base64_array_is_required', 'base64Array'],
    [{ base64Array: [RAW, 'http://127.0.0.1/a.png'] }, 'link_is_invalid', 'base64Array'],
    [{ base64Array: [RAW, 'ftp://images.example.com/a.png'] }, 'link_is_invalid', 'base64Array'],
    [{ base64Array: [RAW, RAW], dimensions: 'ROUND' }, 'dimensions_is_invalid', 'dimensions'],
  ])('%j → %s', async (body, code, field) => {
    expect(await refusal(() => planBlend(body, egress))).toEqual([code, field]);
  });
});

describe('describe', () => {
  it.each([
    [
      { base64: RAW, link: LINK },
      { image: DATA, link: null },
    ],
    [{ base64Array: [DATA, 'ignored'] }, { image: DATA, link: null }],
    [{ base64Array: ['', RAW] }, { image: DATA, link: null }],
    [
      { base64: ' ', link: ` ${LINK} ` },
      { image: null, link: LINK },
    ],
  ])('%j', async (body, expected) => {
    const plan = await planDescribe(body, egress);
    expect(plan).toMatchObject({ action: 'DESCRIBE', prompt: '', description: '/describe' });
    expect(withPictures(plan.work, take)).toMatchObject({ kind: 'describe', ...expected, language: null });
  });

  it.each([
    [{}, 'base64_array_is_required', 'base64'],
    [{ base64: 'nonsense!' }, 'base64_is_invalid', 'base64'],
    [{ link: 'ftp://images.example.com/a.png' }, 'link_is_invalid', 'link'],
    [{ link: 'http://127.0.0.1/a.png' }, 'link_is_invalid', 'link'],
    [{ link: 'fox.png' }, 'link_is_invalid', 'link'],
  ])('%j → %s', async (body, code, field) => {
    expect(await refusal(() => planDescribe(body, egress))).toEqual([code, field]);
  });
});

describe('shorten', () => {
  it('keeps the prompt as typed, and sends it without speed', () => {
    const plan = planShorten({ prompt: ' a long --fast text ' });
    expect(plan).toMatchObject({ action: 'SHORTEN', prompt: 'a long --fast text' });
    expect(plan.description).toBe('/shorten a long --fast text');
    expect(withPictures(plan.work, take)).toMatchObject({ kind: 'shorten', prompt: 'a long text' });
  });

  it('needs one', async () => {
    expect(await refusal(() => planShorten({ prompt: ' ' }))).toEqual(['prompt_is_required', 'prompt']);
  });
});

describe('edits and retexture', () => {
  it.each([
    ['edits', { image: LINK }, [LINK], 'EDITS', '/edit as straw'],
    ['retexture', { image: RAW }, [DATA], 'RETEXTURE', '/retexture as straw'],
    ['edits', { base64Array: [RAW, LINK] }, [DATA, LINK], 'EDITS', '/edit as straw'],
    ['edits', { image: RAW, base64Array: [LINK] }, [DATA], 'EDITS', '/edit as straw'],
  ] as const)('%s %j', async (kind, pictures, images, action, description) => {
    const base64Array = 'base64Array' in pictures ? [...pictures.base64Array] : undefined;
    const plan = await planEdits(kind, { prompt: 'as straw', ...pictures, base64Array }, egress);
    expect(plan).toMatchObject({ action, prompt: 'as straw', description });
    expect(withPictures(plan.work, take)).toMatchObject({ kind, prompt: 'as straw', images });
  });

  it.each([
    [{ image: RAW }, 'prompt_is_required', 'prompt'],
    [{ prompt: 'x' }, 'base64_array_is_required', 'image'],
    [{ prompt: 'x', image: 'nonsense!' }, 'base64_is_invalid', 'image'],
    [{ prompt: 'x', image: 'http://169.254.169.254/' }, 'link_is_invalid', 'image'],
    [{ prompt: 'x', image: 'file:///etc/passwd' }, 'link_is_invalid', 'image'],
    [{ prompt: 'x', base64Array: ['gopher://x.io/'] }, 'link_is_invalid', 'base64Array'],
  ])('%j → %s', async (body, code, field) => {
    expect(await refusal(() => planEdits('edits', body, egress))).toEqual([code, field]);
  });
});

describe('video', () => {
  it('begins with a prompt, a picture, or both', async () => {
    const typed = await planVideo({ prompt: 'it runs --turbo', loop: true, motion: 'high' }, egress, nobody);
    expect(typed).toMatchObject({ action: 'VIDEO', prompt: 'it runs --turbo', description: '/video it runs --turbo' });
    expect(withPictures(typed.work, take)).toMatchObject({
      prompt: 'it runs',
      image: null,
      loop: true,
      motion: 'high',
    });
    const framed = await planVideo({ image: LINK, endImage: RAW, batchSize: 2 }, egress, nobody);
    expect(framed).toMatchObject({ prompt: '', description: '/video', parent: null });
    expect(withPictures(framed.work, take)).toMatchObject({
      image: LINK,
      endImage: DATA,
      batchSize: 2,
      motion: null,
      videoType: null,
      loop: false,
      extend: null,
    });
  });

  it.each([
    [{ index: '2', prompt: 'it lands' }, 2, 'it lands', 'it lands'],
    [{}, 0, 'it flies', ''],
  ])('extends a clip: %j', async (more, index, prompt, sent) => {
    const body = { taskId: '6237012345678901', action: 'Extend', accountFilter: { remark: 'a' }, ...more };
    const plan = await planVideo(body, egress, () => Promise.resolve(film()));
    expect(plan).toMatchObject({ prompt, parent: { id: '6237012345678901' } });
    expect(withPictures(plan.work, take)).toMatchObject({
      prompt: sent,
      extend: { upstreamTaskId: 'up-1', index },
    });
    expect(plan.accountFilter).toBeNull();
  });

  it.each([
    [{}, 'prompt_is_required', 'prompt'],
    [{ endImage: RAW }, 'prompt_is_required', 'prompt'],
    [{ image: 'http://10.0.0.1/a.png' }, 'link_is_invalid', 'image'],
    [{ prompt: 'x', endImage: '!' }, 'base64_is_invalid', 'endImage'],
    [{ action: 'extend' }, 'prompt_is_required', 'prompt'],
    [{ taskId: '1' }, 'action_is_required', 'action'],
    [{ taskId: '1', action: 'shrink' }, 'unknown_action', 'action'],
    [{ taskId: '1', action: 'extend', index: '4' }, 'bind_request_body_failed', 'index'],
    [{ taskId: '1', action: 'extend' }, 'task_not_found', 'taskId'],
  ])('%j → %s', async (body, code, field) => {
    expect(await refusal(() => planVideo(body, egress, nobody))).toEqual([code, field]);
  });

  it('has a prompt of at most 8,192 characters', async () => {
    const plan = (): Promise<SubmitPlan> => planVideo({ prompt: 'x'.repeat(8_193) }, egress, nobody);
    expect(await refusal(plan)).toEqual(['prompt_is_too_long', 'prompt']);
  });

  it('extends only what is finished', async () => {
    const running = (): Promise<Task> => Promise.resolve(film({ status: 'IN_PROGRESS' }));
    const plan = (): Promise<SubmitPlan> => planVideo({ taskId: '1', action: 'extend' }, egress, running);
    expect(await refusal(plan)).toEqual(['task_status_not_success', 'taskId']);
  });
});

describe('upload and swap', () => {
  it('upload takes one to ten pictures', async () => {
    const plan = await planUpload({ base64Array: [RAW] }, egress);
    expect(plan).toMatchObject({ action: 'UPLOAD', description: '/upload' });
    expect(withPictures(plan.work, take)).toMatchObject({ kind: 'upload', images: [DATA] });
    for (const base64Array of [undefined, [''], Array.from({ length: 11 }, () => RAW)]) {
      expect(await refusal(() => planUpload({ base64Array }, egress))).toEqual([
        'base64_array_is_required',
        'base64Array',
      ]);
    }
  });

  it('swap takes two, and is of the bot that swaps', async () => {
    const plan = await planSwap({ sourceBase64: RAW, targetBase64: DATA }, egress);
    expect(plan).toMatchObject({ action: 'SWAP_FACE', botType: 'INSIGHT_FACE' });
    expect(linksIn(plan.work)).toEqual([]);
    expect(withPictures(plan.work, take)).toMatchObject({ kind: 'swap', source: DATA, target: DATA });
    const missing = 'sour_base64_and_target_base64_is_required';
    expect(await refusal(() => planSwap({ targetBase64: RAW }, egress))).toEqual([missing, 'sourceBase64']);
    expect(await refusal(() => planSwap({ sourceBase64: RAW, targetBase64: ' ' }, egress))).toEqual([
      missing,
      'targetBase64',
    ]);
    for (const [body, error] of [
      [{ sourceBase64: RAW, targetBase64: 'http://10.0.0.1/a.png' }, ['link_is_invalid', 'targetBase64']],
      [{ sourceUrl: 'fox.png', target: RAW }, ['link_is_invalid', 'sourceUrl']],
      [{ source: '!', target: RAW }, ['base64_is_invalid', 'source']],
    ] as const) {
      expect(await refusal(() => planSwap(body, egress))).toEqual(error);
    }
  });
});

describe('links in the place of pictures', () => {
  const other = 'http://images.example.com:8080/cat.webp?size=2';
  const read = (plan: SubmitPlan): unknown[] => [
    linksIn(plan.work).map(({ url, field }) => [field, url]),
    withPictures(plan.work, take),
  ];

  it('are fetched where upstreams may not take them', async () => {
    expect(read(await planImagine({ prompt: 'x', base64Array: [RAW, ` ${LINK}\n`], base64: other }, egress))).toEqual([
      [
        ['base64Array', LINK],
        ['base64', other],
      ],
      { kind: 'imagine', prompt: 'x', images: [DATA, LINK, other] },
    ]);
    expect(read(await planBlend({ base64Array: [LINK, 'HTTPS://images.example.com/a'] }, egress))).toMatchObject([
      [
        ['base64Array', LINK],
        ['base64Array', 'HTTPS://images.example.com/a'],
      ],
      { kind: 'blend' },
    ]);
    expect(read(await planUpload({ base64: LINK }, egress))).toEqual([
      [['base64', LINK]],
      { kind: 'upload', images: [LINK] },
    ]);
    expect(
      read(await planSwap({ sourceUrl: LINK, sourceBase64: ' ', targetUrl: DATA, target: other }, egress)),
    ).toEqual([
      [
        ['sourceUrl', LINK],
        ['target', other],
      ],
      { kind: 'swap', source: LINK, target: other },
    ]);
  });

  it('go on as they are where upstreams fetch by themselves', async () => {
    for (const body of [{ base64: LINK }, { base64Array: ['', LINK] }, { link: LINK }]) {
      const plan = await planDescribe(body, egress);
      expect(linksIn(plan.work)).toEqual([]);
      expect(withPictures(plan.work, take)).toMatchObject({ image: null, link: LINK });
    }
    expect(withPictures((await planDescribe({ link: DATA }, egress)).work, take)).toMatchObject({
      image: DATA,
      link: null,
    });
  });
});

describe('pictures that were extracted from the body', () => {
  const extracted = (head: string, picture: Buffer): PictureText =>
    new PictureText(head, [Buffer.from(picture.toString('base64'))]);
  const png = Buffer.from(RAW, 'base64');

  it.each(['', 'data:image/png;base64,', 'data:image/gif;base64,'])(
    'are judged as texts are, and named: %j',
    async (head) => {
      const plan = await planBlend({ base64Array: [extracted(head, png), RAW] }, egress);
      const { images } = withPictures(plan.work, take) as { images: unknown[] };
      expect(images.map(String)).toEqual([DATA, DATA]);
      expect(images[0]).toBeInstanceOf(PictureText);
      const swap = await planSwap({ sourceBase64: extracted(head, png), targetBase64: DATA }, egress);
      expect(JSON.stringify(withPictures(swap.work, take))).toContain(`"source":"${DATA}"`);
      const film = await planVideo({ image: extracted(head, png) }, egress, nobody);
      expect(String((withPictures(film.work, take) as { image: unknown }).image)).toBe(DATA);
    },
  );

  it.each([
    ['base64_is_invalid', Buffer.from('<html>')],
    ['base64_is_invalid', png.subarray(0, 30)],
    ['image_too_large', Buffer.concat([png, Buffer.alloc(10 * 1024 * 1024)])],
    ['image_too_large', Buffer.concat([png.subarray(0, 16), Buffer.from('0000ffff0000ffff', 'hex'), png.subarray(24)])],
  ])('%s', async (code, picture) => {
    for (const head of ['', 'data:image/png;base64,']) {
      expect(await refusal(() => planEdits('edits', { prompt: 'x', image: extracted(head, picture) }, egress))).toEqual(
        [code, 'image'],
      );
    }
  });
});

it('an accountFilter goes with new work, without what is empty', async () => {
  const accountFilter = { modes: ['FAST'], instanceId: '', remark: 'blue', remix: null as unknown as boolean };
  const plans = await Promise.all([
    planUpload({ base64Array: [RAW], accountFilter }, egress),
    planSwap({ sourceBase64: RAW, targetBase64: RAW, accountFilter }, egress),
    planVideo({ prompt: 'x', accountFilter }, egress, nobody),
  ]);
  for (const plan of plans) {
    expect(plan.accountFilter).toEqual({ modes: ['FAST'], remark: 'blue' });
  }
});
