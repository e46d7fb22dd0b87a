import { aSnapshot } from '../../../test/a-snapshot.js';
import { NEW_API_RUNNING, NOVICEZK_SUCCESS, TRUEAI_SUCCESS, TRUEAI_VIDEO } from '../../../test/task-bodies.js';
import type { Snapshot } from '../../port/snapshot.js';
import { readTask } from './task-body.js';

const BASE = 'http://mj.internal:8080/proxy';

const EMPTY = aSnapshot({ status: null });

function read(fields: Record<string, unknown>): Snapshot {
  const snapshot = readTask({ id: '17', ...fields }, BASE);
  if (snapshot === null) throw new Error('it has an id');
  return snapshot;
}

describe('bodies of known servers', () => {
  it('reads a finished grid of novicezk', () => {
    expect(readTask(NOVICEZK_SUCCESS, BASE)).toEqual({
      ...EMPTY,
      upstreamTaskId: '1762430011223344',
      state: 'jm:6240000000000017',
      status: 'SUCCESS',
      progress: 100,
      prompt: '雾中的灯塔 --ar 2:3',
      promptEn: 'a lighthouse in fog --ar 2:3',
      finalPrompt: 'a lighthouse in fog --ar 2:3 --v 6.1',
      description: '/imagine 雾中的灯塔 --ar 2:3',
      imageUrl: NOVICEZK_SUCCESS.imageUrl,
      messageId: '1304455667788990022',
      messageHash: '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90',
      submitTime: 1_762_430_011_223,
    });
  });

  it('reads a finished grid of trueai', () => {
    const snapshot = readTask(TRUEAI_SUCCESS, BASE);
    expect(snapshot).toMatchObject({ status: 'SUCCESS', seed: '3127649981', failReason: '', videoUrls: [] });
    expect(snapshot?.imageUrls).toEqual(TRUEAI_SUCCESS.imageUrls.map(({ url }) => url));
    expect(snapshot?.buttons).toEqual([
      TRUEAI_SUCCESS.buttons[0],
      TRUEAI_SUCCESS.buttons[1],
      { ...TRUEAI_SUCCESS.buttons[2], emoji: '', style: 1 },
    ]);
  });

  it('takes as many buttons as lists of tasks can hold, the first ones', () => {
    const button = (at: number): object => ({ customId: String(at).padStart(512), emoji: '', label: 'U' });
    const buttons = Array.from({ length: 64 }, (_, at) => button(at));
    const read = readTask({ ...TRUEAI_SUCCESS, buttons }, BASE)?.buttons ?? [];
    expect(read.map(({ customId }) => customId.trim())).toEqual(Array.from({ length: 31 }, (_, at) => String(at)));
  });

  it('reads a running task of new-api', () => {
    expect(readTask(NEW_API_RUNNING, BASE)).toEqual({
      ...EMPTY,
      upstreamTaskId: '1762430055667788',
      prompt: 'a lighthouse in fog',
      status: 'IN_PROGRESS',
      progress: 37,
      description: 'Submit success',
      submitTime: 1_762_430_055_667,
    });
  });

  it('reads a film of trueai: clips apart from pictures, each once', () => {
    expect(readTask(TRUEAI_VIDEO, BASE)).toMatchObject({
      imageUrl: TRUEAI_VIDEO.imageUrl,
      imageUrls: [TRUEAI_VIDEO.imageUrls[2]?.url],
      videoUrls: TRUEAI_VIDEO.videoUrls.map(({ url }) => url),
    });
  });
});

describe('the id', () => {
  it.each([undefined, null, '', '  ', 0, -1, 1.5, 2 ** 53, true, [], {}, 'x'.repeat(129)])('is none: %p', (id) => {
    expect(readTask({ id, status: 'SUCCESS' }, BASE)).toBeNull();
  });

  it.each([null, [], 'text', 7, true, undefined])('is nowhere in %p', (item) => {
    expect(readTask(item, BASE)).toBeNull();
  });

  it('may be a number', () => {
    expect(readTask({ id: 1_762_430_055_667_788 }, BASE)).toEqual({ ...EMPTY, upstreamTaskId: '1762430055667788' });
  });
});

describe('fields that are not set', () => {
  it.each([[null], [''], [0]])('are read from %p as from nothing', (nothing) => {
    const keys = [...Object.keys(NOVICEZK_SUCCESS), ...Object.keys(TRUEAI_SUCCESS)].filter((key) => key !== 'id');
    const bare = Object.fromEntries(keys.map((key) => [key, nothing]));
    const snapshot = read(bare);
    // Texts written as numbers count as texts.
    const words =
      nothing === 0 ? { state: '0', prompt: '0', promptEn: '0', description: '0', failReason: '0', seed: '0' } : {};
    expect(snapshot).toEqual({ ...EMPTY, upstreamTaskId: '17', ...words, ...(nothing === 0 ? { progress: 0 } : {}) });
  });
});

describe('status and progress', () => {
  it.each([
    ['SUCCESS', 'SUCCESS'],
    [' in_progress ', 'IN_PROGRESS'],
    ['Modal', 'MODAL'],
    ['CANCELLED', 'CANCEL'],
    ['canceled', 'CANCEL'],
    ['CANCEL', 'CANCEL'],
    ['RUNNING', null],
    ['constructor', null],
    [4, null],
    [{}, null],
  ])('reads the status %p as %p', (word, status) => {
    expect(read({ status: word }).status).toBe(status);
  });

  it.each([
    ['0%', 0],
    ['65%', 65],
    [' 65 % ', 65],
    ['65', 65],
    [65, 65],
    ['99.7%', 99],
    ['100%', 100],
    ['250%', 100],
    ['-5%', null],
    ['1e9', null],
    ['Waiting to start', null],
    ['(Waiting to start)', null],
    ['paused', null],
    ['', null],
    [{}, null],
  ])('reads the progress %p as %p', (text, progress) => {
    expect(read({ progress: text }).progress).toBe(progress);
  });
});

describe('the time of the submit', () => {
  it.each([
    ['milliseconds', 1_762_430_011_223, 1_762_430_011_223],
    ['digits', '1762430011223', 1_762_430_011_223],
    ['seconds', 1_762_430_011, 1_762_430_011_000],
    ['a year far ahead', 4_102_444_800_000, 4_102_444_800_000],
    ['ticks', '638979996112230000', null],
    ['a negative number', -1_762_430_011_223, null],
    ['a time before Midjourney was', 1_000, null],
    ['a fraction', 1_762_430_011.5, null],
    ['a date in words', '2026-11-06 19:53:31', null],
  ])('is read from %s', (_what, submitTime, expected) => {
    expect(read({ submitTime }).submitTime).toBe(expected);
  });
});
