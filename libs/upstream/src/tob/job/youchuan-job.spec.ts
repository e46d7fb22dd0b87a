import { youchuanJob } from '../../../test/tob-bodies.js';
import type { TobJob } from './tob-job.js';
import { readYouchuanJob } from './youchuan-job.js';

const BASE = 'https://up.example';
const [A, B] = ['https://cdn.example/a.png', 'https://cdn.example/b.png'];

function read(overrides: Record<string, unknown>): TobJob | null {
  return readYouchuanJob(youchuanJob(overrides), BASE);
}

describe('the status', () => {
  it.each<[Record<string, unknown>, Partial<TobJob>]>([
    [{ status: 1, urls: null, audits: null }, { status: 'IN_PROGRESS' }],
    [{ status: 1 }, { status: 'IN_PROGRESS', pictures: [] }],
    [{ status: 2 }, { status: 'SUCCESS' }],
    [{ status: '2' }, { status: 'SUCCESS' }],
    [
      { status: 3, comment: 'Fail' },
      { status: 'FAILURE', failReason: '' },
    ],
    // Before its links are there, whatever stands in their places.
    [{ urls: null }, { status: 'IN_PROGRESS' }],
    [{ urls: [] }, { status: 'IN_PROGRESS' }],
    [{ urls: ['', '', '', ''] }, { status: 'IN_PROGRESS', pictures: [] }],
    [{ urls: [null], audits: null }, { status: 'IN_PROGRESS' }],
    // Numbers that nobody explains.
    [{ status: 0 }, { status: null }],
    [{ status: 4 }, { status: null }],
    [{ status: 'Success' }, { status: 'SUCCESS' }],
    [{ status: 'FAILED' }, { status: 'FAILURE' }],
    [{ status: 'done' }, { status: null }],
    [{ status: undefined }, { status: null }],
  ])('%j', (overrides, expected) => {
    expect(read(overrides)).toMatchObject(expected);
  });
});

describe('pictures and clips', () => {
  it.each<[string, Record<string, unknown>, Partial<TobJob>]>([
    ['one was withheld', { urls: [A, ''], audits: ['', 'no'] }, { pictures: [A, null], isIncomplete: false }],
    [
      'one is empty without a reason, and may still come',
      { urls: [A, ''], audits: [] },
      { status: 'SUCCESS', pictures: [A, null], isIncomplete: true },
    ],
    ['all were withheld', { urls: ['', ''], audits: ['no', 'no'] }, { status: 'SUCCESS', pictures: [null, null] }],
    ['reasons only', { urls: null, audits: ['no', 'no'] }, { status: 'SUCCESS', pictures: [null, null] }],
    ['reasons in objects', { urls: ['', A], audits: [{ reason: 'no' }, null] }, { pictures: [null, A] }],
    [
      'every reason in an object',
      { urls: [], audits: [{ code: 7, message: 'no' }] },
      { status: 'SUCCESS', pictures: [null] },
    ],
    [
      'clips and their previews',
      { urls: [A, 'https://cdn.example/a.mp4'] },
      { pictures: [], clips: ['https://cdn.example/a.mp4'] },
    ],
    ['a single picture', { urls: [A], audits: [''] }, { pictures: [A], gridUrl: null }],
    [
      'clips',
      { urls: ['https://cdn.example/a.mp4?x=1', ''], audits: ['', 'no'] },
      { pictures: [], clips: ['https://cdn.example/a.mp4?x=1', null] },
    ],
    ['what is no link', { urls: [A, 'null', 7, { url: B }] }, { pictures: [A, null, null, B] }],
  ])('%s', (_, overrides, expected) => {
    expect(read(overrides)).toMatchObject(expected);
  });
});

describe('why a job failed', () => {
  it.each([
    ['TextReject', 'The prompt was rejected by content moderation'],
    ['TextReject*', 'The prompt was rejected by content moderation'],
    ['InvalidImagePromptLink', 'A picture of the prompt could not be fetched'],
    ['MaxConcurrentLimited', ''],
    ['CreditNotEnough', ''],
    ['执行失败', ''],
    ['图片未通过审核', '图片未通过审核'],
    ['something else', 'something else'],
  ])('%s', (comment, failReason) => {
    expect(read({ status: 3, comment })).toMatchObject({ status: 'FAILURE', failReason });
  });
});

describe('time and seed', () => {
  it.each<[unknown, number | null]>([
    ['2026-10-01T08:00:00Z', Date.UTC(2026, 9, 1, 8)],
    ['2026-10-01T16:00:00.123456+08:00', Date.UTC(2026, 9, 1, 8, 0, 0, 123)],
    ['2026-10-01 16:00:00', Date.UTC(2026, 9, 1, 8)],
    [1_790_841_600, 1_790_841_600_000],
    ['1790841600000', 1_790_841_600_000],
    ['0001-01-01T00:00:00Z', null],
    ['', null],
    ['yesterday', null],
    [null, null],
  ])('%j', (costAt, submitTime) => {
    expect(read({ cost: { costAt } })).toMatchObject({ submitTime, seed: '1234567' });
  });

  it.each([[0], ['0'], [''], [null], ['none']])('%j is no seed', (seed) => {
    expect(read({ seed })).toMatchObject({ seed: null });
  });
});

it.each([[null], [[]], ['job'], [{}], [{ id: '' }], [{ id: null, status: 2 }]])('%j is no job', (item) => {
  expect(readYouchuanJob(item, BASE)).toBeNull();
});
