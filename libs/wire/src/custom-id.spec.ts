import fc from 'fast-check';
import { parseCustomId, resolveCustomId } from './custom-id.js';

const HASH = '9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11';

describe('customId', () => {
  it.each([
    [`MJ::JOB::upsample::2::${HASH}`, 'UPSCALE', 2, 'never'],
    [`MJ::JOB::video_virtual_upscale::3::${HASH}`, 'UPSCALE', 3, 'never'],
    [`MJ::JOB::variation::4::${HASH}`, 'VARIATION', 4, 'remix'],
    [`MJ::JOB::low_variation::1::${HASH}::SOLO`, 'LOW_VARIATION', null, 'remix'],
    [`MJ::JOB::high_variation::1::${HASH}::SOLO`, 'HIGH_VARIATION', null, 'remix'],
    [`MJ::JOB::reroll::0::${HASH}::SOLO`, 'REROLL', null, 'remix'],
    [`MJ::Outpaint::50::1::${HASH}::SOLO`, 'ZOOM', null, 'never'],
    [`MJ::CustomZoom::${HASH}`, 'CUSTOM_ZOOM', null, 'always'],
    [`MJ::Inpaint::1::${HASH}::SOLO`, 'INPAINT', null, 'always'],
    [`MJ::JOB::pan_left::1::${HASH}::SOLO`, 'PAN', null, 'remix'],
    [`MJ::JOB::upsample_v7_2x_subtle::1::${HASH}::SOLO`, 'UPSCALE_HD', null, 'never'],
    [`MJ::JOB::animate_high_extend::1::${HASH}`, 'VIDEO', null, 'remix'],
    [`MJ::JOB::video::low::${HASH}::vid_1.1_i2v_480::auto`, 'VIDEO', null, 'remix'],
    [`MJ::JOB::video::high::${HASH}::vid_1.1_i2v_480::manual`, 'VIDEO', null, 'always'],
    [`MJ::JOB::video::high::${HASH}::vid_1.1_i2v_extend_720::MANUAL`, 'VIDEO', null, 'always'],
    [`MJ::CustomZoom::1::${HASH}`, 'CUSTOM_ZOOM', null, 'always'],
    [`MJ::JOB::upsample::24::${HASH}`, 'UPSCALE', 24, 'never'],
    ['MJ::Job::PicReader::3', 'IMAGINE', 3, 'always'],
    ['MJ::Job::PicReader::all', 'IMAGINE', null, 'never'],
    ['MJ::Picread::Retry', 'DESCRIBE', null, 'never'],
    ['MJ::Job::PromptAnalyzer::5', 'IMAGINE', 5, 'never'],
    [`MJ::BOOKMARK::${HASH}`, 'ACTION', null, 'never'],
    ['what::ever', 'ACTION', null, 'never'],
  ])('%s', (customId, action, index, window) => {
    expect(parseCustomId(customId)).toMatchObject({ kind: 'button', action, index, window });
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
});
