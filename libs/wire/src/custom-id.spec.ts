import fc from 'fast-check';
import { parseCustomId, resolveCustomId } from './custom-id.js';

const HASH = '9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11';

describe('customId', () => {
  it.each([
    [`MJ::JOB::upsample::2::${HASH}`, 'UPSCALE', 2, 2, 'never'],
    [`MJ::JOB::upsample::24::${HASH}`, 'UPSCALE', 24, 24, 'never'],
    [`MJ::JOB::video_virtual_upscale::3::${HASH}`, 'UPSCALE', 3, 3, 'never'],
    [`MJ::JOB::variation::4::${HASH}`, 'VARIATION', 4, 4, 'remix'],
    [`MJ::JOB::low_variation::1::${HASH}::SOLO`, 'LOW_VARIATION', null, 1, 'remix'],
    [`MJ::JOB::high_variation::3::${HASH}::SOLO`, 'HIGH_VARIATION', null, 3, 'remix'],
    [`MJ::JOB::low_variation::${HASH}`, 'LOW_VARIATION', null, null, 'remix'],
    [`MJ::JOB::low_variation::0::${HASH}`, 'LOW_VARIATION', null, null, 'remix'],
    [`MJ::JOB::reroll::0::${HASH}::SOLO`, 'REROLL', null, null, 'remix'],
    [`MJ::JOB::reroll::1::${HASH}::SOLO`, 'REROLL', null, null, 'remix'],
    [`MJ::JOB::remix_strong::2::${HASH}`, 'REMIX', null, 2, 'always'],
    [`MJ::JOB::remix_subtle::1::${HASH}::SOLO`, 'REMIX', null, 1, 'always'],
    [`MJ::JOB::remix::1::${HASH}`, 'REMIX', null, 1, 'always'],
    [`MJ::JOB::Remix_Strong::${HASH}`, 'REMIX', null, null, 'always'],
    [`MJ::JOB::enhance::4::${HASH}`, 'ENHANCE', null, 4, 'never'],
    [`MJ::JOB::remove_background::1::${HASH}`, 'REMOVE_BACKGROUND', null, 1, 'never'],
    [`MJ::JOB::video_upscale::4::${HASH}`, 'VIDEO_UPSCALE', null, 4, 'never'],
    [`MJ::Outpaint::50::1::${HASH}::SOLO`, 'ZOOM', null, 1, 'never'],
    [`MJ::Outpaint::75::3::${HASH}`, 'ZOOM', null, 3, 'never'],
    [`MJ::Outpaint::50::${HASH}`, 'ZOOM', null, null, 'never'],
    [`MJ::CustomZoom::${HASH}`, 'CUSTOM_ZOOM', null, null, 'always'],
    [`MJ::CustomZoom::1::${HASH}`, 'CUSTOM_ZOOM', null, 1, 'always'],
    [`MJ::Inpaint::2::${HASH}::SOLO`, 'INPAINT', null, 2, 'always'],
    [`MJ::JOB::pan_left::1::${HASH}::SOLO`, 'PAN', null, 1, 'remix'],
    [`MJ::JOB::upsample_v7_2x_subtle::1::${HASH}::SOLO`, 'UPSCALE_HD', null, 1, 'never'],
    [`MJ::JOB::animate_low::1::${HASH}`, 'VIDEO', null, 1, 'remix'],
    [`MJ::JOB::animate_high_extend::4::${HASH}`, 'VIDEO', null, 4, 'remix'],
    [`MJ::JOB::video::low::${HASH}::vid_1.1_i2v_480::auto`, 'VIDEO', null, null, 'remix'],
    [`MJ::JOB::video::high::${HASH}::vid_1.1_i2v_480::manual`, 'VIDEO', null, null, 'always'],
    [`MJ::JOB::video::high::${HASH}::vid_1.1_i2v_extend_720::MANUAL`, 'VIDEO', null, null, 'always'],
    [`MJ::BOOKMARK::${HASH}`, 'ACTION', null, null, 'never'],
    ['MJ::Job::PicReader::3', 'IMAGINE', 3, null, 'always'],
    ['MJ::Job::PicReader::all', 'IMAGINE', null, null, 'never'],
    ['MJ::Picread::Retry', 'DESCRIBE', null, null, 'never'],
    ['MJ::Job::PromptAnalyzer::5', 'IMAGINE', 5, null, 'never'],
    ['MJ::RemixModal::x', 'ACTION', null, null, 'never'],
    ['what::ever', 'ACTION', null, null, 'never'],
    ['what::ever::1', 'ACTION', null, null, 'never'],
  ])('%s', (customId, action, index, picture, window) => {
    expect(parseCustomId(customId)).toMatchObject({ kind: 'button', action, index, picture, window });
  });

  it('tells what it cannot read', () => {
    expect(parseCustomId('abc')).toEqual({ kind: 'unknown' });
    expect(parseCustomId('MJ::JOB::upsample')).toEqual({ kind: 'bad_index' });
    expect(parseCustomId(`MJ::JOB::variation::x::${HASH}`)).toEqual({ kind: 'bad_index' });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `MJ::JOB::${s}`),
        ),
        (text) => {
          expect(['button', 'bad_index', 'unknown']).toContain(parseCustomId(text).kind);
        },
      ),
    );
  });

  it("takes the parent's button for an id that a client made up", () => {
    const buttons = [{ customId: `MJ::JOB::upsample::1::${HASH}` }, { customId: `MJ::Outpaint::75::1::${HASH}::SOLO` }];
    expect(resolveCustomId('MJ::JOB::upsample::1::6240000000000001', buttons)).toBe(buttons[0]?.customId);
    expect(resolveCustomId('MJ::JOB::upsample::2::6240000000000001', buttons)).toBe(
      'MJ::JOB::upsample::2::6240000000000001',
    );
    expect(resolveCustomId('MJ::Outpaint::50::1::x', buttons)).toBe('MJ::Outpaint::50::1::x');
  });

  it.each([
    [`MJ::CustomZoom::${HASH}`, 'MJ::CustomZoom::1::6240000000000001'],
    [`MJ::CustomZoom::1::${HASH}`, 'MJ::CustomZoom::6240000000000001'],
    [`MJ::Inpaint::1::${HASH}::SOLO`, 'MJ::Inpaint::6240000000000001'],
    [`MJ::JOB::pan_left::1::${HASH}::SOLO`, 'MJ::JOB::pan_left::6240000000000001::SOLO'],
    [`MJ::JOB::upsample_v7_2x_subtle::1::${HASH}::SOLO`, 'MJ::JOB::upsample_v7_2x_subtle::6240000000000001'],
    [`MJ::Outpaint::50::1::${HASH}::SOLO`, 'MJ::Outpaint::50::6240000000000001'],
    [`MJ::Outpaint::50::${HASH}`, 'MJ::Outpaint::50::1::6240000000000001'],
    [`MJ::JOB::remix_strong::1::${HASH}`, 'MJ::JOB::remix_strong::6240000000000001'],
    [`MJ::JOB::video_upscale::${HASH}`, 'MJ::JOB::video_upscale::1::6240000000000001'],
  ])('with the number of a single picture or without: %s', (shown, asked) => {
    expect(resolveCustomId(asked, [{ customId: shown }])).toBe(shown);
  });

  it('tells the four buttons of a film apart, and those that extend it', () => {
    const film = (motion: string, manner: string, id = HASH, kind = 'vid_1.1_i2v_480'): string =>
      `MJ::JOB::video::${motion}::${id}::${kind}::${manner}`;
    const all = ['low', 'high'].flatMap((motion) =>
      ['auto', 'manual'].flatMap((manner) => [
        film(motion, manner),
        film(motion, manner, HASH, 'vid_1.1_i2v_extend_480'),
      ]),
    );
    const buttons = all.map((customId) => ({ customId }));
    for (const customId of all) {
      expect(resolveCustomId(customId.replace(HASH, '6240000000000001').replace('480', '720'), buttons)).toBe(customId);
    }
    expect(resolveCustomId(film('high', 'manual', 'x'), [{ customId: film('low', 'auto') }])).toBe(
      film('high', 'manual', 'x'),
    );
  });

  it('takes no number but the first for the one that is left out', () => {
    const asked = 'MJ::CustomZoom::2::x';
    expect(resolveCustomId(asked, [{ customId: `MJ::CustomZoom::${HASH}` }])).toBe(asked);
  });

  it.each([
    ['MJ::Outpaint::50::2::x', `MJ::Outpaint::50::1::${HASH}`],
    ['MJ::JOB::remix_strong::1::x', `MJ::JOB::remix_subtle::1::${HASH}`],
    ['MJ::JOB::enhance::3::x', `MJ::JOB::enhance::1::${HASH}`],
    ['MJ::JOB::video_upscale::1::x', `MJ::JOB::video_virtual_upscale::1::${HASH}`],
  ])('%s is another button than %s', (asked, shown) => {
    expect(resolveCustomId(asked, [{ customId: shown }])).toBe(asked);
  });
});
