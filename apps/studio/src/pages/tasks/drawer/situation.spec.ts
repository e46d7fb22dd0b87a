/** @jest-environment jsdom */
import { chooseLanguage } from '../../../i18n/language.ts';
import type { Stuck } from './dossier.ts';
import { situationOf } from './situation.ts';
import { spansOf } from './spans.ts';
import { aDelivery, aDossier } from '../../../../test/task-dossier.ts';

const NOW = Date.parse('2026-12-01T12:01:00.000Z');
const OPEN = { status: 'IN_PROGRESS', progress: 46, finishedAt: null } as const;

function stuck(code: Stuck['code'], more: Partial<Stuck> = {}): Stuck {
  return {
    code,
    since: null,
    ahead: null,
    upstreamName: 'tokyo',
    upstreamError: null,
    host: null,
    next: null,
    ...more,
  };
}

describe('situationOf', () => {
  beforeEach(() => chooseLanguage('en'));

  it('says what became of a task that has ended', () => {
    expect(situationOf(aDossier({ delivery: aDelivery() }), NOW)).toEqual({
      tone: 'success',
      text: 'Done 12 s after its submit. 0.1 credits kept. shop.example:443 was told.',
      next: null,
    });
    const failed = { status: 'FAILURE', failCode: 'timeout', failReason: 'no answer', cost: '0.000000' } as const;
    expect(situationOf(aDossier({ task: failed }), NOW)).toMatchObject({
      tone: 'danger',
      text: 'Failed: Timed out, “no answer”. 0.1 credits given back.',
    });
    expect(situationOf(aDossier({ task: { ...failed, refused: true, failCode: 'banned' } }), NOW).text).toMatch(
      /^Declined before any work: Banned word/,
    );
  });

  it('says why an open task is where it is, for how long, and what comes next', () => {
    const next = { what: 'deadline', at: '2026-12-01T12:03:00.000Z' } as const;
    const reason = stuck('circuit_open', { since: '2026-12-01T12:00:00.000Z', upstreamError: 'timeout', next });
    expect(situationOf(aDossier({ task: OPEN, stuck: reason }), NOW)).toEqual({
      tone: 'warning',
      text: 'tokyo keeps failing (timeout) and is left alone for a while.',
      next: 'For 1:00. Ends as timed out in 2 minutes.',
    });
  });

  it('never says that what is due happens in the past', () => {
    const next = { what: 'poll', at: '2026-12-01T12:00:59.000Z' } as const;
    expect(situationOf(aDossier({ task: OPEN, stuck: stuck('running', { next }) }), NOW)).toEqual({
      tone: 'info',
      text: 'tokyo works on it: 46 %.',
      next: 'Asked about again now.',
    });
  });

  it.each([
    [0, 'It waits for a free slot and is the next.'],
    [1, 'It waits for a free slot; 1 task goes before it.'],
    [1_200, 'It waits for a free slot; 1,200 tasks go before it.'],
  ])('counts %d tasks before it', (ahead, text) => {
    expect(situationOf(aDossier({ task: OPEN, stuck: stuck('slot_awaited', { ahead }) }), NOW).text).toBe(text);
  });

  it('warns of an end that its receiver does not know', () => {
    const dead = stuck('hook_dead', { host: 'shop.example:443' });
    expect(situationOf(aDossier({ stuck: dead, delivery: aDelivery({ state: 'dead' }) }), NOW)).toEqual({
      tone: 'warning',
      text: expect.stringContaining('shop.example:443 was never told of the end') as string,
      next: 'Nothing more happens by itself.',
    });
  });

  it('speaks Chinese without blanks between sentences', () => {
    chooseLanguage('zh');
    expect(situationOf(aDossier({ delivery: aDelivery() }), NOW).text).toBe(
      '提交后 12 s 完成。扣除 0.1 点。已通知 shop.example:443。',
    );
  });
});

describe('spansOf', () => {
  it('measures queue, run and hook', () => {
    expect(spansOf(aDossier({ delivery: aDelivery() }), NOW)).toEqual([
      { name: 'queue', seconds: 2, isOpen: false },
      { name: 'run', seconds: 10, isOpen: false },
      { name: 'hook', seconds: 1, isOpen: false },
    ]);
  });

  it('counts what goes on until now, and nothing that has not begun', () => {
    expect(spansOf(aDossier({ task: { ...OPEN, startedAt: null } }), NOW)).toEqual([
      { name: 'queue', seconds: 60, isOpen: true },
    ]);
    expect(spansOf(aDossier({ task: OPEN }), NOW)).toEqual([
      { name: 'queue', seconds: 2, isOpen: false },
      { name: 'run', seconds: 58, isOpen: true },
    ]);
  });

  it('has no time of a receiver that was given up', () => {
    expect(spansOf(aDossier({ delivery: aDelivery({ state: 'dead', deliveredAt: null }) }), NOW)).toHaveLength(2);
  });
});
