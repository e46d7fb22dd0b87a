import { toPress, type Change, type Order } from './press.js';

const JOB = '9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11';
const button = (customId: string): { customId: string } => ({ customId });
const GRID = [
  ...[1, 2, 3, 4].map((n) => button(`MJ::JOB::upsample::${n}::${JOB}`)),
  button(`MJ::JOB::reroll::0::${JOB}::SOLO`),
  ...[1, 2, 3, 4].map((n) => button(`MJ::JOB::variation::${n}::${JOB}`)),
];
const VIDEO = [
  ...[1, 2].map((n) => button(`MJ::JOB::video_virtual_upscale::${n}::${JOB}`)),
  button(`MJ::JOB::reroll::0::${JOB}::SOLO`),
];
const SINGLE = [
  button(`MJ::JOB::upsample_v7_2x_subtle::1::${JOB}::SOLO`),
  button(`MJ::JOB::low_variation::1::${JOB}::SOLO`),
  button(`MJ::JOB::high_variation::1::${JOB}::SOLO`),
];

const U2: Change = { action: 'UPSCALE', index: 2 };
const V1: Change = { action: 'VARIATION', index: 1 };
const R: Change = { action: 'REROLL', index: null };
const byName = (change: Change): Order => ({ kind: 'change', change });
const byButton = (customId: string): Order => ({ kind: 'button', customId });

describe('a change of a parent with buttons', () => {
  it.each([
    [U2, GRID, `MJ::JOB::upsample::2::${JOB}`],
    [{ action: 'VARIATION', index: 4 }, GRID, `MJ::JOB::variation::4::${JOB}`],
    [R, GRID, `MJ::JOB::reroll::0::${JOB}::SOLO`],
    [U2, VIDEO, `MJ::JOB::video_virtual_upscale::2::${JOB}`],
  ] as [Change, typeof GRID, string][])('%j presses the button of that kind and index', (change, buttons, customId) => {
    expect(toPress(byName(change), buttons)).toEqual({ kind: 'button', customId });
  });

  it.each([
    ['an upscale of a single picture', U2, SINGLE],
    ['a variation of a single picture: subtle and strong are other actions', V1, SINGLE],
    ['a variation of a video', V1, VIDEO],
    ['a clip that is not there', { action: 'UPSCALE', index: 4 }, VIDEO],
  ] as [string, Change, typeof GRID][])('%s has no button and is sent by its name', (_, change, buttons) => {
    expect(toPress(byName(change), buttons)).toEqual(byName(change));
  });
});

describe('a parent without buttons', () => {
  it.each([U2, V1, R])('takes %j by its name', (change) => {
    expect(toPress(byName(change), [])).toEqual(byName(change));
  });

  it.each([
    [`MJ::JOB::upsample::2::${JOB}`, U2],
    ['MJ::JOB::upsample::2::6237012345678901', U2],
    [`mj::job::VARIATION::1::${JOB}`, V1],
    [`MJ::JOB::reroll::0::${JOB}::SOLO`, R],
  ])('%s is that change', (customId, change) => {
    expect(toPress(byButton(customId), [])).toEqual({ kind: 'change', change });
  });

  it.each([
    `MJ::JOB::upsample::0::${JOB}`,
    `MJ::JOB::variation::5::${JOB}`,
    `MJ::JOB::video_virtual_upscale::1::${JOB}`,
    `MJ::JOB::low_variation::1::${JOB}::SOLO`,
    `MJ::Outpaint::50::1::${JOB}::SOLO`,
    'MJ::Job::PicReader::1',
  ])('%s has no such counterpart and is sent as it is', (customId) => {
    expect(toPress(byButton(customId), [])).toEqual({ kind: 'button', customId });
  });
});

describe('a button of a parent with buttons', () => {
  it('is itself, or the one that a made-up id stands for', () => {
    const shown = `MJ::JOB::upsample::1::${JOB}`;
    expect(toPress(byButton(shown), GRID)).toEqual({ kind: 'button', customId: shown });
    expect(toPress(byButton('MJ::JOB::upsample::1::6237012345678901'), GRID)).toEqual({
      kind: 'button',
      customId: shown,
    });
  });

  it('is never turned into a change', () => {
    const customId = `MJ::JOB::variation::1::${JOB}`;
    expect(toPress(byButton(customId), SINGLE)).toEqual({ kind: 'button', customId });
  });
});
