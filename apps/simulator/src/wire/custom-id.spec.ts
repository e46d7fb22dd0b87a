import { buttonsFor, type Shows } from './buttons.js';
import { actionOf, type ButtonOrder, opensWindow, readCustomId } from './custom-id.js';
import { type Action } from './vocabulary.js';

const JOB = '9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11';

describe('readCustomId', () => {
  it.each<[string, ButtonOrder, Action, boolean, boolean]>([
    [`MJ::JOB::upsample::2::${JOB}`, { kind: 'upscale', index: 2 }, 'UPSCALE', false, false],
    [`MJ::JOB::video_virtual_upscale::3::${JOB}`, { kind: 'clip', index: 3 }, 'UPSCALE', false, false],
    [`MJ::JOB::variation::4::${JOB}`, { kind: 'variation', index: 4 }, 'VARIATION', false, true],
    [`MJ::JOB::reroll::0::${JOB}::SOLO`, { kind: 'reroll' }, 'BLEND', false, true],
    [`MJ::JOB::high_variation::1::${JOB}::SOLO`, { kind: 'vary-one', strong: true }, 'VARIATION', false, true],
    [`MJ::JOB::low_variation::1::${JOB}::SOLO`, { kind: 'vary-one', strong: false }, 'VARIATION', false, true],
    [`MJ::Outpaint::50::1::${JOB}::SOLO`, { kind: 'zoom', factor: 2 }, 'ZOOM', false, false],
    [`MJ::Outpaint::100::1::${JOB}::SOLO`, { kind: 'zoom', factor: 1 }, 'ZOOM', false, false],
    [`MJ::CustomZoom::1::${JOB}`, { kind: 'custom-zoom' }, 'ZOOM', true, true],
    [`MJ::CustomZoom::${JOB}`, { kind: 'custom-zoom' }, 'ZOOM', true, true],
    [`MJ::Inpaint::1::${JOB}::SOLO`, { kind: 'inpaint' }, 'VARIATION', true, true],
    [`MJ::JOB::pan_left::1::${JOB}::SOLO`, { kind: 'pan', direction: 'left' }, 'PAN', false, true],
    [`MJ::JOB::upsample_v7_2x_subtle::1::${JOB}::SOLO`, { kind: 'upscale-hd' }, 'UPSCALE_HD', false, false],
    [`MJ::JOB::animate_high::1::${JOB}::SOLO`, { kind: 'animate', motion: 'high' }, 'VIDEO', false, true],
    [`MJ::JOB::animate_low_extend::1::${JOB}`, { kind: 'animate', motion: 'low' }, 'VIDEO', false, true],
    ['MJ::Job::PicReader::3', { kind: 'described', index: 3 }, 'IMAGINE', true, true],
    ['MJ::Job::PicReader::all', { kind: 'all-described' }, 'IMAGINE', false, false],
    ['MJ::Picread::Retry', { kind: 'describe-again' }, 'DESCRIBE', false, false],
    ['MJ::Job::PromptAnalyzer::5', { kind: 'shortened', index: 5 }, 'IMAGINE', false, false],
  ])('%s', (customId, order, action, always, withRemix) => {
    expect(readCustomId(customId)).toEqual(order);
    expect(actionOf(order, 'BLEND')).toBe(action);
    expect(opensWindow(order, false)).toBe(always);
    expect(opensWindow(order, true)).toBe(withRemix);
  });

  it.each([
    '',
    '::',
    'MJ::',
    'MJ::JOB::upsample::5::x',
    'MJ::JOB::upsample',
    'MJ::BOOKMARK::x',
    'MJ::Job::PicReader::9',
    'U1',
    '\u0000',
    'MJ::JOB::video::1::manual',
  ])('knows no order behind %j', (customId) => {
    expect(readCustomId(customId)).toBeNull();
  });

  it('makes a new grid of a single picture that is rerolled', () => {
    expect(actionOf({ kind: 'reroll' }, 'UPSCALE')).toBe('IMAGINE');
  });
});

describe('buttonsFor', () => {
  const shows: Shows[] = ['grid', 'single', 'enlarged', 'film', 'clip', 'described', 'shortened'];
  it.each(shows)('offers only what can be ordered under a %s', (kind) => {
    const buttons = buttonsFor(kind, JOB, 7, 4);
    expect(buttons.length).toBeGreaterThan(0);
    expect(buttons.map(({ customId }) => readCustomId(customId))).not.toContain(null);
    expect(new Set(buttons.map(({ customId }) => customId)).size).toBe(buttons.length);
    for (const button of buttons)
      expect(button).toMatchObject({ type: 2, style: 2, label: expect.any(String), emoji: expect.any(String) });
  });

  it('has no HD upscale, zoom or pan for version 8', () => {
    const kinds = buttonsFor('single', JOB, 8, 0).map(({ customId }) => readCustomId(customId)?.kind);
    expect(kinds).toEqual(['vary-one', 'vary-one', 'inpaint', 'animate', 'animate']);
  });

  it('has as many U buttons under a film as it has clips', () => {
    expect(buttonsFor('film', JOB, 7, 2).map(({ label }) => label)).toEqual(['U1', 'U2', '']);
  });
});
