import type { Outcome } from '../../port/outcome.js';
import { readSubmitAnswer, type AskedWork } from './submit-answer.js';

const ASKED: AskedWork = {
  url: 'https://api.apimart.test/v1/midjourney/generations',
  isFollowUp: false,
  isWindow: false,
  mayOpenWindow: false,
  ownTexts: ['a fox'],
  fullTexts: [],
};

function read(status: number, body: unknown, asked: Partial<AskedWork> = {}, retryAfterMs?: number): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readSubmitAnswer(
    { status, body: Buffer.from(text), retryAfterMs: retryAfterMs ?? null },
    { ...ASKED, ...asked },
  );
}

/** The vendor's envelope of an error. */
const error = (code: number, type: string, message: string): object => ({ error: { code, type, message } });
const submitted = (status: string): object => ({ code: 200, data: [{ status, task_id: 'task_01K8' }] });

describe('an answer that accepts', () => {
  it.each([
    ['a submit', submitted('submitted'), {}, { kind: 'accepted', upstreamTaskIds: ['task_01K8'] }],
    [
      'data that is no list',
      { code: 200, data: { task_id: 'task_01K8' } },
      {},
      { kind: 'accepted', upstreamTaskIds: ['task_01K8'] },
    ],
    ['a window', submitted('modal'), {}, { kind: 'window', upstreamTaskId: 'task_01K8', finalPrompt: '' }],
    [
      'code 21 of work with a window',
      { code: 21, result: 'task_01K8' },
      { mayOpenWindow: true },
      { kind: 'window', upstreamTaskId: 'task_01K8', finalPrompt: '' },
    ],
    [
      'code 21 that says so',
      { code: 21, result: 'task_01K8', properties: { remix: true, finalPrompt: 'a fox' } },
      {},
      { kind: 'window', upstreamTaskId: 'task_01K8', finalPrompt: 'a fox' },
    ],
    ['code 21 of other work', { code: 21, result: 'task_01K8' }, {}, { kind: 'exists', upstreamTaskId: 'task_01K8' }],
    [
      'a window that is called submitted',
      submitted('submitted'),
      { isWindow: true },
      { kind: 'window', upstreamTaskId: 'task_01K8', finalPrompt: '' },
    ],
    [
      'an empty error',
      { ...submitted('SUBMITTED'), error: { code: 0, message: '', detail: null } },
      {},
      { kind: 'accepted', upstreamTaskIds: ['task_01K8'] },
    ],
    ['a code of 202', { ...submitted(''), code: 202 }, {}, { kind: 'accepted', upstreamTaskIds: ['task_01K8'] }],
    ['code 22', { code: 22, result: 'task_01K8' }, {}, { kind: 'queued', upstreamTaskIds: ['task_01K8'], ahead: 0 }],
  ])('%s', (_what, body, asked, outcome) => {
    expect(read(200, body, asked)).toEqual(outcome);
  });
});

it.each([400, 404, 422, 429, 500, 503])('a task that goes on counts in a %i', (status) => {
  const accepted = { kind: 'accepted', upstreamTaskIds: ['task_01K8'] };
  expect(read(status, submitted('submitted'))).toEqual(accepted);
  expect(read(status, { ...submitted('submitted'), code: status })).toEqual(accepted);
  expect(read(status, submitted('failed'))).not.toEqual(accepted);
});

describe('an answer that declines', () => {
  it.each([
    [
      '400',
      400,
      error(400, 'invalid_request_error', 'index is out of range'),
      { kind: 'refused', code: 4, words: 'index is out of range' },
    ],
    ['code 4', 200, { code: 4, description: 'bad ratio' }, { kind: 'refused', code: 4, words: 'bad ratio' }],
    ['code 9', 200, { code: 9, description: 'it broke' }, { kind: 'refused', code: 9, words: 'it broke' }],
    [
      'an error in a 200',
      200,
      error(400, 'invalid_request_error', 'bad ratio'),
      { kind: 'refused', code: 4, words: 'bad ratio' },
    ],
    [
      '422',
      422,
      error(422, 'moderation_error', 'Banned prompt detected'),
      { kind: 'banned', promptEn: '', bannedWord: 'moderation_error' },
    ],
    [
      '422 without a reason',
      422,
      error(422, 'invalid_request_error', 'no'),
      { kind: 'banned', promptEn: '', bannedWord: 'moderation' },
    ],
    [
      'code 24',
      200,
      { code: 24, properties: { bannedWord: 'gore' } },
      { kind: 'banned', promptEn: '', bannedWord: 'gore' },
    ],
    [
      '401',
      401,
      error(401, 'authentication_error', 'Invalid key'),
      { kind: 'nothing_done', fault: 'unauthorized', scope: 'upstream' },
    ],
    [
      '402',
      402,
      error(402, 'payment_required', 'Insufficient balance'),
      { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' },
    ],
    [
      '403',
      403,
      error(403, 'permission_error', 'Access denied'),
      { kind: 'nothing_done', fault: 'forbidden', scope: 'upstream' },
    ],
    ['a firewall', 403, '<html><body>no</body></html>', { kind: 'nothing_done', fault: 'forbidden', scope: 'work' }],
    [
      '404',
      404,
      error(404, 'not_found_error', 'Not found'),
      { kind: 'nothing_done', fault: 'not_found', scope: 'work' },
    ],
    ['429', 429, error(429, 'rate_limit_error', 'Too many requests'), { kind: 'full' }],
    ['code 3', 200, { code: 3, description: 'no available account' }, { kind: 'nothing_done', fault: 'no_account' }],
    ['503', 503, error(503, 'service_unavailable', 'unavailable'), { kind: 'nothing_done', fault: 'no_account' }],
    [
      'the account in a 400',
      400,
      error(400, 'invalid_request_error', 'Insufficient balance'),
      { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' },
    ],
  ])('%s', (_what, status, body, outcome) => {
    expect(read(status, body)).toEqual(outcome);
  });

  it('says when to come again', () => {
    expect(read(429, '', {}, 7_000)).toEqual({ kind: 'full', retryAfterMs: 7_000 });
  });

  it('is about the parent of a follow-up, which is gone or another key’s', () => {
    const gone = error(404, 'not_found_error', 'Task task_01K8ABC not found');
    expect(read(404, gone, { isFollowUp: true })).toEqual({ kind: 'refused', code: 4, words: 'Task  not found' });
    const foreign = error(403, 'permission_error', 'Access denied');
    expect(read(403, foreign, { isFollowUp: true })).toEqual({
      kind: 'nothing_done',
      fault: 'forbidden',
      scope: 'task',
    });
  });
});

describe('an answer that leaves it unknown', () => {
  it.each([
    ['500', 500, error(500, 'server_error', 'x'), 'status_5xx'],
    ['502', 502, error(502, 'bad_gateway', 'x'), 'status_5xx'],
    ['504', 504, '', 'status_5xx'],
    ['408', 408, '', 'status_4xx'],
    ['200 without an id', 200, { code: 200, data: [] }, 'unexpected'],
    ['200 with a page', 200, '<html><body>hello</body></html>', 'unreadable'],
    ['200 with nothing', 200, '', 'unreadable'],
    ['a success of an unknown code', 200, { code: 77, data: [{ task_id: 'task_1' }] }, 'unexpected'],
  ])('%s', (_what, status, body, fault) => {
    expect(read(status, body)).toEqual({ kind: 'unknown', fault });
  });
});

describe('an account that cannot pay, whatever status and envelope that is said in', () => {
  it.each<[string, number, unknown]>([
    ['a code of no status', 200, { code: 1, message: '余额不足', data: null }],
    ['nothing but a message', 200, { message: '账户余额不足，请充值' }],
    ['a code of 500', 200, { code: 500, message: 'insufficient_user_quota' }],
    ['422', 422, error(422, 'invalid_request_error', 'insufficient credits')],
    ['429', 429, error(429, 'insufficient_quota', 'You exceeded your current quota')],
    ['500', 500, error(500, 'server_error', 'insufficient balance')],
    ['503', 503, { code: 503, message: '余额不足' }],
  ])('%s', (_, status, body) => {
    const expected = { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' };
    expect(read(status, body)).toEqual(expected);
    expect(read(status, body, { isFollowUp: true })).toEqual(expected);
  });

  it('is no such account where the answer has a task', () => {
    const body = { code: 500, message: 'insufficient balance', data: [{ task_id: 'task_01K8', status: 'failed' }] };
    expect(read(200, body)).toEqual({ kind: 'unknown', fault: 'status_5xx' });
  });
});
