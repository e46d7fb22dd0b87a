import { aSnapshot } from '../../../test/a-snapshot.js';
import type { Snapshot } from '../../port/snapshot.js';
import { withMadeButtons } from './made-buttons.js';

const JOB = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';
const button = (customId: string): Snapshot['buttons'][number] => ({
  customId,
  emoji: '',
  label: 'x',
  type: 2,
  style: 2,
});
const VARY = button(`MJ::JOB::low_variation::1::${JOB}::SOLO`);
const V1 = button(`MJ::JOB::variation::1::${JOB}`);

const made = (snapshot: Partial<Snapshot>): string[] => {
  const buttons = withMadeButtons(aSnapshot({ status: 'SUCCESS', ...snapshot }));
  return buttons
    .map(({ customId }) => customId)
    .filter((id) => !(snapshot.buttons ?? []).some((one) => one.customId === id));
};

describe('upscales of a single picture', () => {
  it.each([
    ['--v 7', 'v7_2x_subtle', 'v7_2x_creative'],
    ['--niji 7', 'v7_2x_subtle', 'v7_2x_creative'],
    ['--v 6.1', 'v6r1_2x_subtle', 'v6r1_2x_creative'],
    ['--niji 6', 'v6_2x_subtle', 'v6_2x_creative'],
    ['--v 5.2', 'v5_2x', 'v5_4x'],
  ])('are those of its model: %s', (flags, ...verbs) => {
    const ids = made({ prompt: `a fox ${flags}`, imageUrls: ['a'], buttons: [VARY] });
    expect(ids).toEqual(verbs.map((verb) => `MJ::JOB::upsample_${verb}::1::${JOB}::SOLO`));
  });

  it.each([
    ['of a model without', { prompt: 'a fox --v 8.2' }],
    ['of a model that is not known', { prompt: 'a fox' }],
    ['where the vendor lists them', { buttons: [VARY, button(`MJ::JOB::upsample_v7_2x_subtle::1::${JOB}`)] }],
    ['before the end', { status: 'IN_PROGRESS' }],
    ['of a video', { videoUrls: ['a.mp4'] }],
    ['without the id of the job', { buttons: [button('MJ::JOB::low_variation::1::self')] }],
    ['of what cannot be varied', { buttons: [V1] }],
  ] as [string, Partial<Snapshot>][])('are not made %s', (_what, more) => {
    expect(made({ prompt: 'a fox --v 7', imageUrls: ['a'], buttons: [VARY], ...more })).toEqual([]);
  });
});

describe('U1 to U4', () => {
  it('are made for a grid without them, but for no picture that was withheld', () => {
    expect(made({ imageUrls: ['a', null, 'c', 'd'], buttons: [V1] })).toEqual(
      [1, 3, 4].map((n) => `MJ::JOB::upsample::${n}::${JOB}`),
    );
  });

  it('are the vendor’s where it gives them', () => {
    expect(made({ imageUrls: ['a', 'b'], buttons: [button(`MJ::JOB::upsample::1::${JOB}`), V1] })).toEqual([]);
  });
});

it('a grid for which the vendor gives no buttons has those of its pictures', () => {
  const given = { prompt: 'a fox --v 8.2', imageUrls: ['a', null, 'c', 'd'], buttons: [] };
  const numbers = (verb: string): string[] => [1, 3, 4].map((n) => `MJ::JOB::${verb}::${n}::made`);
  expect(made(given)).toEqual([...numbers('upsample'), 'MJ::JOB::reroll::0::made::SOLO', ...numbers('variation')]);
  expect(made({ ...given, status: 'IN_PROGRESS' })).toEqual([]);
  expect(made({ ...given, imageUrls: ['a'] })).toEqual([]);
});
