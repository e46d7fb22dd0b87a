import { legnextJob, youchuanJob } from '../../../test/tob-bodies.js';
import type { SpelledId } from '../../port/spelled-id.js';
import { readLegnextJob } from '../job/legnext-job.js';
import type { TobJob } from '../job/tob-job.js';
import { readYouchuanJob } from '../job/youchuan-job.js';
import { buttonsOf } from './job-buttons.js';
import { modelWorkOf, type TobVendor } from './model-work.js';

const BASE = 'https://up.example';
type Part = Pick<SpelledId, 'picture' | 'clip'>;
const WHOLE: Part = { picture: null, clip: null };
const picture = (number: number): Part => ({ picture: number, clip: null });
const clip = (number: number): Part => ({ picture: null, clip: number });

function buttons(job: TobJob | null, id: Part, defaultVersion = '7', vendor: TobVendor = 'youchuan'): string[] {
  if (job === null) throw new Error('no job');
  return buttonsOf(job, id, { vendor, defaultVersion }).map(({ customId }) =>
    customId.replace(job.id, '#').replace(/^MJ::(?:JOB::|Job::)?/, ''),
  );
}

const youchuan = (overrides: Record<string, unknown> = {}): TobJob | null =>
  readYouchuanJob(youchuanJob(overrides), BASE);
const legnext = (overrides: Record<string, unknown> = {}, output: Record<string, unknown> = {}): TobJob | null =>
  readLegnextJob(legnextJob(overrides, output), BASE);

const GRID = [1, 2, 3, 4].map((n) => `upsample::${n}::#`);
const REROLL = 'reroll::0::#::SOLO';
const VARIATIONS = [1, 2, 3, 4].map((n) => `variation::${n}::#`);
const WIDE = [
  'Inpaint::1::#::SOLO',
  'Outpaint::50::1::#::SOLO',
  'Outpaint::75::1::#::SOLO',
  'CustomZoom::1::#',
  'pan_left::1::#::SOLO',
  'pan_right::1::#::SOLO',
  'pan_up::1::#::SOLO',
  'pan_down::1::#::SOLO',
];
const MOVING = ['animate_high::1::#::SOLO', 'animate_low::1::#::SOLO'];
const VARY = ['low_variation::1::#::SOLO', 'high_variation::1::#::SOLO'];
const REMIX = ['remix_subtle::1::#::SOLO', 'remix_strong::1::#::SOLO'];
const CUT = 'remove_background::1::#::SOLO';
const upscales = (version: string): string[] => [
  `upsample_${version}_2x_subtle::1::#::SOLO`,
  `upsample_${version}_2x_creative::1::#::SOLO`,
];

describe('Youchuan, by the version that the text names', () => {
  it.each([
    ['a fox --v 7', [...upscales('v7'), ...VARY, ...WIDE, ...MOVING, ...REMIX, CUT]],
    ['a fox --niji 7', [...upscales('v7'), ...VARY, ...WIDE, ...MOVING, ...REMIX, CUT]],
    ['a fox --v 6.1', [...upscales('v6r1'), ...VARY, ...WIDE, ...MOVING, ...REMIX, CUT]],
    ['a fox --v 6', [...upscales('v6'), ...VARY, ...WIDE, ...MOVING, ...REMIX, CUT]],
    ['a fox --v 8.1', ['upsample_v8_hd::1::#::SOLO', ...VARY, ...MOVING, ...REMIX, CUT]],
    ['a fox --v 8.1 --hd', [...VARY, ...MOVING, ...REMIX, CUT]],
    ['a fox --v 7 --draft', [...upscales('v7'), ...VARY, ...WIDE, ...MOVING, ...REMIX, 'enhance::1::#::SOLO', CUT]],
    ['a fox', [...upscales('v7'), ...VARY, ...WIDE, ...MOVING, ...REMIX, CUT]],
  ])('a picture of %s', (text, expected) => {
    expect(buttons(youchuan({ text }), picture(2))).toEqual(expected);
  });

  it('a grid has U, V and the arrows; what was withheld has none', () => {
    expect(buttons(youchuan(), WHOLE)).toEqual([...GRID, REROLL, ...VARIATIONS]);
    const urls = ['', 'https://cdn.example/b.png'];
    expect(buttons(youchuan({ urls, audits: ['no', ''] }), WHOLE)).toEqual([
      'upsample::2::#',
      REROLL,
      'variation::2::#',
    ]);
    expect(buttons(youchuan({ urls, audits: ['no', ''] }), picture(1))).toEqual([]);
  });

  it('an upscaled picture is not upscaled again, and one without a background has no buttons', () => {
    const urls = ['https://cdn.example/a.png'];
    expect(buttons(youchuan({ urls }), WHOLE)).toEqual([...VARY, ...WIDE, ...MOVING, ...REMIX, CUT]);
    expect(buttons(youchuan({ urls, text: 'https://cdn.example/b.png' }), WHOLE)).toEqual([]);
  });

  it('clips are picked, extended and enlarged', () => {
    const urls = ['https://cdn.example/a.mp4', '', 'https://cdn.example/c.mp4'];
    const film = youchuan({ urls, audits: ['', 'no', ''] });
    const one = ['animate_high_extend::1::#', 'animate_low_extend::1::#', 'video_upscale::1::#'];
    expect(buttons(film, WHOLE)).toEqual(['video_virtual_upscale::1::#', 'video_virtual_upscale::3::#']);
    expect(buttons(film, clip(3))).toEqual(one);
    expect(buttons(film, clip(2))).toEqual([]);
    expect(buttons(film, picture(1))).toEqual(one);
    expect(buttons(youchuan({ urls: urls.slice(0, 1) }), WHOLE)).toEqual(one);
  });
});

describe('LegNext, by what it says is possible', () => {
  const some = { reroll: false, upscale: [0], variation: [1], pan: [1], outpaint: [], inpaint: [], remix: [] };

  it('a grid and its pictures', () => {
    const job = legnext({}, { available_actions: some });
    expect(buttons(job, WHOLE, '8.2', 'legnext')).toEqual([...GRID, 'variation::2::#']);
    expect(buttons(job, picture(1), '8.2', 'legnext')).toEqual([...upscales('v7'), ...MOVING, CUT]);
    expect(buttons(job, picture(2), '8.2', 'legnext')).toEqual([...VARY, ...WIDE.slice(4), ...MOVING, CUT]);
  });

  it('pictures whose edges are fixed are those of version 8', () => {
    const job = legnext({}, { available_actions: { ...some, pan: [] } });
    expect(buttons(job, picture(1), '8.2', 'legnext')).toEqual(['upsample_v8_hd::1::#::SOLO', ...MOVING, CUT]);
  });

  it('where it says nothing its table decides', () => {
    const job = legnext({}, { available_actions: null });
    expect(buttons(job, WHOLE, '8.2', 'legnext')).toEqual([...GRID, REROLL, ...VARIATIONS]);
    expect(buttons(job, picture(1), '7', 'legnext')).toEqual([
      ...upscales('v7'),
      ...VARY,
      ...WIDE,
      ...MOVING,
      ...REMIX,
      CUT,
    ]);
  });

  it('prompts that were found have one each', () => {
    const output = { promptEn: '1️⃣ a fox\n\n2️⃣ a red fox' };
    expect(buttons(legnext({ task_type: 'describe', output }), WHOLE)).toEqual(['PicReader::1', 'PicReader::2']);
    expect(buttons(legnext({ task_type: 'shorten', output }), WHOLE)).toEqual([
      'PromptAnalyzer::1',
      'PromptAnalyzer::2',
    ]);
  });

  it('a picture without its background has none', () => {
    const job = legnext({ task_type: 'remove-background' }, { image_urls: ['https://cdn.example/a.png'] });
    expect(buttons(job, WHOLE, '7', 'legnext')).toEqual([]);
  });
});

describe('the table of models', () => {
  it.each<[TobVendor, string, string]>([
    ['youchuan', '8.1', '8'],
    ['youchuan', '7.0', '7'],
    ['youchuan', 'niji 6', '6'],
    ['youchuan', '6.1', '6.1'],
    ['legnext', '5.2', '5'],
    ['legnext', '3', '4'],
    ['legnext', '9', '8'],
  ])('%s %s is as %s', (vendor, version, model) => {
    expect(modelWorkOf(vendor, version).model).toBe(model);
  });
});
