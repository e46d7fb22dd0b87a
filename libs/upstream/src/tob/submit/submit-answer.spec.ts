import type { HttpAnswer } from '../../http/http-answer.js';
import type { Outcome } from '../../port/outcome.js';
import { LEGNEXT_PROFILE, YOUCHUAN_PROFILE, type TobProfile } from '../profile.js';
import { legnextJob, youchuanJob } from '../../../test/tob-bodies.js';
import { readTobSubmit, type TobAnswerContext } from './submit-answer.js';

const REFUSED = (words: string): Outcome => ({ kind: 'refused', code: 4, words });
const FAULT = (fault: 'unauthorized' | 'payment_required' | 'forbidden' | 'not_found', scope = 'upstream'): Outcome =>
  ({ kind: 'nothing_done', fault, scope }) as Outcome;

function answer(status: number, body: unknown): HttpAnswer {
  return { status, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

function outcome(profile: TobProfile, given: HttpAnswer, asked: Partial<TobAnswerContext> = {}): Outcome {
  return readTobSubmit(given, { profile, isFollowUp: false, isUsual: true, ownTexts: [], fullTexts: [], ...asked });
}

const refusal = (code: number, reason: string): Record<string, unknown> => ({ code, message: 'as it is', reason });

describe("Youchuan's reasons, as it spells them", () => {
  it.each<[number, string, Outcome]>([
    [400, 'Invalid_Argument', REFUSED('as it is')],
    [400, 'Invalid_Prompt_Parameter', REFUSED('as it is')],
    [400, 'Job_ReUpscale_Not_Support', REFUSED('as it is')],
    [401, 'Invalid_App_Identifier', FAULT('unauthorized')],
    [402, 'Account_Fee_Not_Enough', FAULT('payment_required')],
    [402, 'No_More_Relax_Credit', FAULT('payment_required')],
    [403, 'Permission_Denied', FAULT('forbidden')],
    [403, 'No_Avaliable_Plan', FAULT('forbidden')],
    [403, 'Msg_Sensitive', { kind: 'banned', promptEn: '', bannedWord: 'Msg_Sensitive' }],
    [403, 'Upscale_Not_Support', REFUSED('as it is')],
    [404, 'Not_Found', FAULT('not_found', 'work')],
    [405, 'Not_Support', REFUSED('as it is')],
    [429, 'Max_Concurrent_Limited', { kind: 'full' }],
    [500, 'Internal_Server_Error', { kind: 'unknown', fault: 'status_5xx' }],
    [503, 'Server_Busy', { kind: 'full' }],
    [503, 'Request_Timout', { kind: 'unknown', fault: 'timeout' }],
  ])('%i %s', (status, reason, expected) => {
    expect(outcome(YOUCHUAN_PROFILE, answer(status, refusal(status, reason)))).toEqual(expected);
    // The same in an answer whose own status says nothing.
    expect(outcome(YOUCHUAN_PROFILE, answer(200, refusal(status, reason)))).toEqual(expected);
  });

  it('a permission that one follow-up lacks is not that of the account', () => {
    const denied = answer(403, refusal(403, 'Permission_Denied'));
    expect(outcome(YOUCHUAN_PROFILE, denied, { isFollowUp: true, isUsual: false })).toEqual(FAULT('forbidden', 'work'));
  });

  it('a parent that is gone refuses the follow-up', () => {
    const gone = answer(404, refusal(404, 'Not_Found'));
    expect(outcome(YOUCHUAN_PROFILE, gone, { isFollowUp: true, isUsual: false })).toEqual(REFUSED('as it is'));
  });
});

describe("LegNext's answers, in either envelope", () => {
  it.each<[number, string, Outcome]>([
    [400, 'text is too long', REFUSED('text is too long')],
    [400, 'your prompt was flagged by moderation', { kind: 'banned', promptEn: '', bannedWord: 'moderation' }],
    [401, 'invalid api key', FAULT('unauthorized')],
    [402, 'no balance', FAULT('payment_required')],
    [403, 'not for this account', FAULT('forbidden')],
    [405, 'not for this job', REFUSED('not for this job')],
    [429, 'too many jobs', { kind: 'full' }],
    [500, 'internal error', { kind: 'unknown', fault: 'status_5xx' }],
    [502, 'bad gateway', { kind: 'unknown', fault: 'status_5xx' }],
  ])('%i %s', (status, message, expected) => {
    const inner = { code: status, message, raw_message: 'secret words of another server', detail: null };
    expect(outcome(LEGNEXT_PROFILE, answer(status, inner))).toEqual(expected);
    expect(outcome(LEGNEXT_PROFILE, answer(status, { error: inner }))).toEqual(expected);
  });

  it('a balance that is not enough is the operator’s whatever the status', () => {
    const broke = answer(400, { code: 400, message: 'insufficient balance', raw_message: '', detail: null });
    expect(outcome(LEGNEXT_PROFILE, broke)).toMatchObject({ kind: 'nothing_done', fault: 'payment_required' });
  });
});

describe('an acceptance', () => {
  it('is an answer of 2xx with the id of a job, even of one that failed at once', () => {
    const accepted = (id: string): Outcome => ({ kind: 'accepted', upstreamTaskIds: [id] });
    expect(outcome(YOUCHUAN_PROFILE, answer(200, youchuanJob({ id: 'a1', status: 3 })))).toEqual(accepted('a1'));
    const failed = legnextJob({ job_id: 'b2', status: 'failed', error: { code: 500, message: 'no' } });
    expect(outcome(LEGNEXT_PROFILE, answer(201, failed))).toEqual(accepted('b2'));
    expect(outcome(LEGNEXT_PROFILE, answer(200, { code: 200, data: { job_id: 'c3' } }))).toEqual(accepted('c3'));
  });

  it.each<[string, HttpAnswer, Outcome]>([
    ['no id', answer(200, youchuanJob({ id: undefined })), { kind: 'unknown', fault: 'unexpected' }],
    ['a page', answer(200, '<html><head></head><body>hi</body></html>'), { kind: 'unknown', fault: 'unreadable' }],
    ['half of a body', answer(200, '{"id": "66f'), { kind: 'unknown', fault: 'unreadable' }],
    ['an id with a failure', answer(500, { id: 'a1' }), { kind: 'unknown', fault: 'status_5xx' }],
  ])('is not %s, after which nobody knows', (_, given, expected) => {
    expect(outcome(YOUCHUAN_PROFILE, given)).toEqual(expected);
  });
});

describe('what else an answer shows', () => {
  it('a Retry-After, and a text that the operator knows as saturation', () => {
    const later = { ...answer(429, ''), retryAfterMs: 3_000 };
    expect(outcome(LEGNEXT_PROFILE, later)).toEqual({ kind: 'full', retryAfterMs: 3_000 });
    const busy = answer(400, { code: 400, message: 'line is long' });
    expect(outcome(LEGNEXT_PROFILE, busy, { fullTexts: ['line is long'] })).toEqual({ kind: 'full' });
  });

  it('a page that forbids may stand before one kind of work only', () => {
    const page = answer(403, '<html><head></head><body>Forbidden</body></html>');
    expect(outcome(LEGNEXT_PROFILE, page)).toEqual(FAULT('forbidden', 'work'));
  });

  it('a quotation of the client is no word of the vendor', () => {
    const quoting = answer(400, { code: 400, message: 'cannot draw: nsfw fox' });
    expect(outcome(LEGNEXT_PROFILE, quoting, { ownTexts: ['nsfw fox'] })).toMatchObject({ kind: 'refused', code: 4 });
  });
});

describe('an answer that shows a job that goes on', () => {
  it.each<[string, number, unknown]>([
    ['a refusal', 400, youchuanJob({ status: 1 })],
    ['no route', 404, youchuanJob({ status: 1, urls: null })],
    ['saturation', 429, { code: 0, message: 'ok', data: youchuanJob({ status: 1 }) }],
    ['a failure', 502, youchuanJob({ status: 1 })],
    ['an envelope with an id of its own', 200, { id: 'req-1', code: 200, data: youchuanJob({ status: 1 }) }],
    ['one with a status as well', 200, { id: 'req-1', status: 'success', data: youchuanJob({ status: 0 }) }],
  ])('is an acceptance, whatever its status says: %s', (_, status, body) => {
    const expected = { kind: 'accepted', upstreamTaskIds: [youchuanJob()['id']] };
    expect(outcome(YOUCHUAN_PROFILE, answer(status, body))).toEqual(expected);
  });

  it('is none where it failed at once, or where the id is that of the request', () => {
    const failed = legnextJob({ status: 'failed', output: null, error: { code: 400, message: 'bad flag' } });
    expect(outcome(LEGNEXT_PROFILE, answer(400, failed))).toEqual(REFUSED('bad flag'));
    const refused = { id: 'req-1', ...refusal(400, 'Invalid_Argument') };
    expect(outcome(YOUCHUAN_PROFILE, answer(200, refused))).toEqual(REFUSED('as it is'));
  });
});

describe('an account that cannot pay, whatever status and envelope that is said in', () => {
  const PAYMENT = FAULT('payment_required');

  it.each<[string, number, unknown]>([
    ['success: false', 200, { success: false, message: '余额不足' }],
    ['an error with 200', 200, { error: { message: 'Insufficient credits. Please top up your account.' } }],
    ['a code of no status', 200, { code: 1, message: '余额不足', data: null }],
    ['nothing but a message', 200, { message: '账户余额不足，请充值' }],
    ['429', 429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }],
    ['401', 401, { error: { message: 'Insufficient balance' } }],
    ['500', 500, { error: { message: 'Insufficient balance' } }],
  ])('%s', (_, status, body) => {
    for (const profile of [YOUCHUAN_PROFILE, LEGNEXT_PROFILE]) {
      expect(outcome(profile, answer(status, body))).toEqual(PAYMENT);
      expect(outcome(profile, answer(status, body), { isFollowUp: true, isUsual: false })).toEqual(PAYMENT);
    }
  });
});

it('a page says nothing about the job that a follow-up continues', () => {
  const page = answer(404, '<html><head></head><body>404</body></html>');
  expect(outcome(LEGNEXT_PROFILE, page, { isFollowUp: true, isUsual: false })).toEqual(FAULT('not_found', 'work'));
});
