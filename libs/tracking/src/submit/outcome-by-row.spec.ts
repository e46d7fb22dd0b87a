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

describe('what a client is told of a row that someone else wrote', () => {
  it.each([BANNED, WINDOW, UPLOADED, UNKNOWN, { kind: 'full' } as const])(
    'a task that ended has its id, whatever the answer was ($kind)',
    (outcome) => expect(outcomeByRow(ENDED, outcome, false)).toEqual(UNKNOWN),
  );

  it.each([BANNED, UNKNOWN, { ...ACCEPTED, upstreamTaskIds: ['another'] as [string] }])(
    'the id that a look-up found stands ($kind)',
    (outcome) => expect(outcomeByRow(row(), outcome, false)).toEqual(ACCEPTED),
  );

  it('an ended task stands in no queue', () =>
    expect(outcomeByRow(row({ status: 'FAILURE' }), QUEUED, false)).toEqual(ACCEPTED));

  it.each([
    [row(), QUEUED],
    [row({ status: 'SUCCESS', upstreamTaskId: null }), UPLOADED],
    [row({ status: 'MODAL' }), WINDOW],
    [row({ upstreamTaskId: null }), UNKNOWN],
  ])('an answer that says more than the row is kept where they agree (%#)', (its, outcome) =>
    expect(outcomeByRow(its, outcome, false)).toBe(outcome),
  );

  it('a window in the row is a window, though our answer declined', () =>
    expect(outcomeByRow(row({ status: 'MODAL', finalPrompt: 'a dog' }), BANNED, false)).toEqual(WINDOW));

  it('a confirmation that was declined is told so: the row is a window again', () =>
    expect(outcomeByRow(row({ status: 'MODAL' }), BANNED, true)).toBe(BANNED));

  it('another task of the key that does the same is one that exists', () =>
    expect(outcomeByRow(row({ aliasOf: '1795000000000001' }), BANNED, false)).toEqual({
      kind: 'exists',
      upstreamTaskId: 'theirs',
    }));
});

describe('what a client is told of a row that it cannot read', () => {
  it.each([ACCEPTED, WINDOW, UPLOADED, UNKNOWN])('is never an id ($kind)', (outcome) =>
    expect(outcomeWithoutRow(outcome)).toEqual({ kind: 'refused', code: 9, words: '' }),
  );

  it('is why it was declined', () => expect(outcomeWithoutRow(BANNED)).toBe(BANNED));
});
