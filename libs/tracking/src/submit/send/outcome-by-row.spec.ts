import type { Outcome } from '#libs/upstream';
import { outcomeByRow, outcomeWithoutRow } from './outcome-by-row.js';

type Row = Parameters<typeof outcomeByRow>[0];

const row = (overrides: Partial<Row> = {}): Row => ({
  status: 'SUBMITTED',
  upstreamTaskId: 'theirs',
  aliasOf: null,
  finalPrompt: '',
  ...overrides,
});
const ENDED = row({ status: 'FAILURE', upstreamTaskId: null });
const ACCEPTED: Outcome = { kind: 'accepted', upstreamTaskIds: ['theirs'] };
const BANNED: Outcome = { kind: 'banned', promptEn: 'a cat', bannedWord: 'cat' };
const WINDOW: Outcome = { kind: 'window', upstreamTaskId: 'theirs', finalPrompt: 'a dog' };
const QUEUED: Outcome = { kind: 'queued', upstreamTaskIds: ['theirs'], ahead: 3 };
const UPLOADED: Outcome = { kind: 'uploaded', urls: ['https://example.com/a.png'] };
const UNKNOWN: Outcome = { kind: 'unknown', fault: 'timeout' };

describe('the outcome reported for a row that was changed concurrently', () => {
  it.each([BANNED, WINDOW, UPLOADED, UNKNOWN, { kind: 'full' } as const])(
    'is the id of an ended task, whatever the answer was ($kind)',
    (outcome) => expect(outcomeByRow(ENDED, outcome, false)).toEqual(UNKNOWN),
  );

  it.each([BANNED, UNKNOWN, { ...ACCEPTED, upstreamTaskIds: ['another'] as [string] }])(
    'is the id that a look-up found ($kind)',
    (outcome) => expect(outcomeByRow(row(), outcome, false)).toEqual(ACCEPTED),
  );

  it('has no queue position for an ended task', () =>
    expect(outcomeByRow(row({ status: 'FAILURE' }), QUEUED, false)).toEqual(ACCEPTED));

  it.each([
    [row(), QUEUED],
    [row({ status: 'SUCCESS', upstreamTaskId: null }), UPLOADED],
    [row({ status: 'MODAL' }), WINDOW],
    [row({ upstreamTaskId: null }), UNKNOWN],
  ])('is the answer, which says more than the row, when both agree (%#)', (its, outcome) =>
    expect(outcomeByRow(its, outcome, false)).toBe(outcome),
  );

  it('is a modal when the row is one, even if the answer declined', () =>
    expect(outcomeByRow(row({ status: 'MODAL', finalPrompt: 'a dog' }), BANNED, false)).toEqual(WINDOW));

  it('is the decline of a confirmation whose row is a modal again', () =>
    expect(outcomeByRow(row({ status: 'MODAL' }), BANNED, true)).toBe(BANNED));

  it('is "exists" when the row is an alias', () =>
    expect(outcomeByRow(row({ aliasOf: '1795000000000001' }), BANNED, false)).toEqual({
      kind: 'exists',
      upstreamTaskId: 'theirs',
    }));
});

describe('the outcome reported for a row that the client cannot read', () => {
  it.each([ACCEPTED, WINDOW, UPLOADED, UNKNOWN])('is never an id ($kind)', (outcome) =>
    expect(outcomeWithoutRow(outcome)).toEqual({ kind: 'refused', code: 9, words: '' }),
  );

  it('is the reason of the decline', () => expect(outcomeWithoutRow(BANNED)).toBe(BANNED));
});
