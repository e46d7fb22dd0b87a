import { Logger } from '@nestjs/common';
import { InputsUnavailableError, PictureRefusedError, type ConvertedMask, type InputPictures } from '#libs/assets';
import { DatabaseUnavailableError } from '#libs/database';
import { PictureText, type SubmitCommand, type UpstreamTarget, type Work } from '#libs/upstream';
import { target } from '../../../../upstream/test/target.js';
import { aTask } from '../../../test/a-task.js';
import { InputPreparer } from './input-preparer.js';

const LINK = 'https://page.example/a.png';
/** Inline pictures: `one` as a data URL, `two` as base64, `three` as received bytes. */
const ONE = `data:image/png;base64,${Buffer.from('one').toString('base64')}`;
const TWO = Buffer.from('two!').toString('base64');
const THREE = new PictureText('data:image/png;base64,', [Buffer.from('dGhy'), Buffer.from('ZWU=')]);

const TERMS = { botType: 'MID_JOURNEY', mode: 'FAST', modeIsChosen: false, accountFilter: null } as const;
const command = (work: Work): SubmitCommand => ({ ...TERMS, ...work });

type Wants = Partial<Pick<UpstreamTarget['capabilities'], 'inputs' | 'masks' | 'uploads'>>;

describe('InputPreparer', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  const task = aTask({ id: '6240000000000001', upstreamId: '7' });
  let events: string[];
  let fault: Error | null;
  let mask: ConvertedMask;

  beforeEach(() => {
    [events, fault, mask] = [[], null, { kind: 'converted', bytes: Buffer.from('white') }];
  });

  const note = (what: string, taskId: string, bytes: Uint8Array): Promise<string> => {
    if (fault !== null) return Promise.reject(fault);
    const text = Buffer.from(bytes).toString('latin1');
    events.push(`${what} ${text} ${taskId}`);
    return Promise.resolve(`https://mj.example/${what}/${text}.png`);
  };
  const inputs = {
    publish: ({ taskId, upstreamId, bytes }: { taskId: string; upstreamId: string; bytes: Uint8Array }) =>
      note('publish', `${taskId} ${upstreamId}`, bytes),
    keepUpload: ({ taskId, bytes }: { taskId: string; bytes: Uint8Array }) => note('keep', taskId, bytes),
    convertMask: (bytes: Uint8Array) => {
      events.push(`convert ${Buffer.from(bytes).toString('latin1')}`);
      return Promise.resolve(mask);
    },
  } as unknown as InputPictures;

  const prepare = (work: Work, wants: Wants = {}): ReturnType<InputPreparer['prepare']> => {
    const up = target({ id: '7' });
    return new InputPreparer(inputs).prepare(
      task,
      { ...up, capabilities: { ...up.capabilities, ...wants } },
      command(work),
    );
  };
  const ready = (work: Work): object => ({ kind: 'ready', command: command(work) });
  const p = (text: string): string => `https://mj.example/publish/${text}.png`;

  it('leaves a command as it is for kinds that take pictures as they came', async () => {
    const given = command({ kind: 'modal', upstreamTaskId: 'u', prompt: '', mask: THREE });
    const up = target({ id: '7' });
    const prepared = await new InputPreparer(inputs).prepare(task, up, given);
    expect(prepared.kind === 'ready' && prepared.command).toBe(given);
    expect(events).toEqual([]);
  });

  const video = {
    kind: 'video',
    prompt: 'x',
    loop: false,
    motion: null,
    videoType: null,
    batchSize: null,
    extend: null,
  } as const;

  it.each<[string, Work, Work]>([
    [
      'imagine',
      { kind: 'imagine', prompt: 'x', images: [ONE, LINK, TWO, THREE] },
      { kind: 'imagine', prompt: 'x', images: [p('one'), LINK, p('two!'), p('three')] },
    ],
    [
      'blend',
      { kind: 'blend', images: [ONE, THREE], dimensions: 'SQUARE' },
      { kind: 'blend', images: [p('one'), p('three')], dimensions: 'SQUARE' },
    ],
    [
      'describe',
      { kind: 'describe', image: ONE, link: null, language: null },
      { kind: 'describe', image: null, link: p('one'), language: null },
    ],
    [
      'describe of a link',
      { kind: 'describe', image: null, link: LINK, language: null },
      { kind: 'describe', image: null, link: LINK, language: null },
    ],
    [
      'edits',
      { kind: 'edits', prompt: '', images: [THREE, LINK] },
      { kind: 'edits', prompt: '', images: [p('three'), LINK] },
    ],
    ['retexture', { kind: 'retexture', prompt: '', images: [LINK] }, { kind: 'retexture', prompt: '', images: [LINK] }],
    ['video', { ...video, image: ONE, endImage: TWO }, { ...video, image: p('one'), endImage: p('two!') }],
    ['video of text', { ...video, image: null, endImage: null }, { ...video, image: null, endImage: null }],
    ['swap', { kind: 'swap', source: ONE, target: TWO }, { kind: 'swap', source: p('one'), target: p('two!') }],
    ['upload', { kind: 'upload', images: [ONE] }, { kind: 'upload', images: [p('one')] }],
    ['shorten', { kind: 'shorten', prompt: 'x' }, { kind: 'shorten', prompt: 'x' }],
    [
      'a mask',
      { kind: 'modal', upstreamTaskId: 'u', prompt: '', mask: ONE },
      { kind: 'modal', upstreamTaskId: 'u', prompt: '', mask: p('one') },
    ],
  ])('gives links in the place of inline pictures: %s', async (_, given, made) => {
    expect(await prepare(given, { inputs: 'links' })).toEqual(ready(made));
    for (const event of events) expect(event).toMatch(/^publish \S+ 6240000000000001 7$/);
  });

  it('tells the sizes of the pictures of an edit, where they can be read', async () => {
    // Signature and IHDR of a PNG of 96 × 64 px.
    const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000060000000400802000000e8e5e6d2', 'hex');
    const given: Work = {
      kind: 'edits',
      prompt: '',
      images: [`data:image/png;base64,${png.toString('base64')}`, LINK],
    };
    const prepared = await prepare(given, { inputs: 'links' });
    expect(prepared).toMatchObject({ kind: 'ready', command: { sizes: [{ width: 96, height: 64 }, null] } });
  });

  it('converts masks for kinds that repaint what is white, as a link or as bytes', async () => {
    const modal = { kind: 'modal', upstreamTaskId: 'u', prompt: 'x' } as const;
    const window = {
      kind: 'action',
      upstreamTaskId: 'u',
      customId: 'c',
      enableRemix: false,
      chooseSameChannel: true,
    } as const;
    for (const work of [modal, window]) {
      events = [];
      expect(await prepare({ ...work, mask: THREE }, { masks: 'white_repaints', inputs: 'links' })).toEqual(
        ready({ ...work, mask: p('white') }),
      );
      expect(events).toEqual(['convert three', 'publish white 6240000000000001 7']);
      const inline = `data:image/png;base64,${Buffer.from('white').toString('base64')}`;
      expect(await prepare({ ...work, mask: ONE }, { masks: 'white_repaints', inputs: 'bytes' })).toEqual(
        ready({ ...work, mask: inline }),
      );
      expect(await prepare({ ...work, mask: LINK }, { masks: 'white_repaints', inputs: 'links' })).toEqual(
        ready({ ...work, mask: LINK }),
      );
      expect(await prepare({ ...work, mask: null }, { masks: 'white_repaints', inputs: 'links' })).toEqual(
        ready({ ...work, mask: null }),
      );
    }
    expect(await prepare(window, { masks: 'white_repaints', inputs: 'links' })).toEqual(ready(window));
  });

  it('hosts uploads of kinds that have none', async () => {
    const prepared = await prepare(
      { kind: 'upload', images: [ONE, LINK, THREE] },
      { uploads: 'gateway', inputs: 'links' },
    );
    const urls = ['https://mj.example/keep/one.png', LINK, 'https://mj.example/keep/three.png'];
    expect(prepared).toEqual({ kind: 'settled', outcome: { kind: 'uploaded', urls } });
  });

  it.each([
    ['unreadable', { kind: 'refused', code: 4, words: 'The mask cannot be read' }],
    ['too_large', { kind: 'refused', code: 4, words: 'The mask is too large' }],
    ['busy', { kind: 'nothing_done', fault: 'connect' }],
  ] as const)('says what became of a mask that is %s', async (kind, outcome) => {
    mask = { kind };
    const modal = { kind: 'modal', upstreamTaskId: 'u', prompt: '', mask: ONE } as const;
    expect(await prepare(modal, { masks: 'white_repaints', inputs: 'links' })).toEqual({ kind: 'settled', outcome });
  });

  it.each([
    ['an outage', new DatabaseUnavailableError('away'), { kind: 'nothing_done', fault: 'connect' }],
    ['a fault of the store', new InputsUnavailableError('store'), { kind: 'nothing_done', fault: 'connect' }],
    ['what nobody foresaw', new Error('unforeseen'), { kind: 'nothing_done', fault: 'connect' }],
    ['no picture', new PictureRefusedError('type'), { kind: 'refused', code: 4, words: 'A picture cannot be read' }],
  ] as const)('sends nothing after %s', async (_, error, outcome) => {
    fault = error;
    for (const wants of [{ inputs: 'links' }, { uploads: 'gateway' }] as const) {
      expect(await prepare({ kind: 'upload', images: [ONE] }, wants)).toEqual({ kind: 'settled', outcome });
    }
  });
});
