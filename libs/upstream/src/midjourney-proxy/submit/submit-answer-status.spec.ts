import type { Outcome } from '../../port/outcome.js';
import { readSubmitAnswer, type AnswerContext } from './submit-answer.js';

const ASKED_AT = 'http://up.test/mj/submit/imagine';

function read(status: number, body: unknown, asked: AnswerContext = {}, redirectsTo: string | null = null): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readSubmitAnswer({ status, body: Buffer.from(text), redirectsTo }, { url: ASKED_AT, ...asked });
}

const nothing = (fault: string, scope: string): object => ({ kind: 'nothing_done', fault, scope });

describe('a submit answered with 4xx', () => {
  it.each([
    ['a local error of new-api', 400, { code: 4, description: 'prompt_is_required', type: 'upstream_error' }, 4],
    ['a failure', 400, { code: 9, description: 'x' }, 9],
    ['the second envelope', 400, { success: false, code: -1, message: 'x' }, 9],
    ['the OpenAI shape', 400, { error: { message: 'x', type: 'new_api_error' } }, 9],
    ['the shape of Spring', 400, { timestamp: '2026-01-01T00:00:00Z', status: 400, error: 'Bad Request' }, 9],
    ['a code of no list', 422, { code: 1001, message: 'x' }, 9],
    ['code 1 without an id', 400, { code: 1, result: null }, 9],
    ['a word that is banned', 403, { code: 4, description: '可能包含敏感词' }, 9],
    ['moderation', 403, { error: { message: 'Your request was rejected', code: 'content_policy_violation' } }, 9],
    ['a picture that could not be had', 403, { code: 4, description: 'Failed to download image: 403 Forbidden' }, 9],
  ])('is refused: %s', (_what, status, body, code) => {
    expect(read(status, body)).toMatchObject({ kind: 'refused', code });
  });

  it.each([400, 408, 409, 413, 415, 422])('is refused: %i with no JSON or an empty body', (status) => {
    for (const text of ['', '<h1>no</h1>', '[]', 'null'])
      expect(read(status, text)).toEqual({ kind: 'refused', code: 9, words: '' });
  });

  it.each([
    ['errMsg', { code: 4, errMsg: '余额不足' }],
    ['error_msg', { error_code: 18, error_msg: 'Insufficient balance' }],
    ['errorMessage', { errorMessage: 'Insufficient balance' }],
    ['a list of errors', { errors: [{ message: 'Insufficient credits' }] }],
    ['a list of texts', { errors: ['Insufficient credits'] }],
    ['a list of details', { detail: [{ loc: ['header'], msg: 'Insufficient credits' }] }],
    ['an object for a message', { message: { text: 'x', message: 'Insufficient balance' } }],
    ['an object in data', { code: 4, data: { message: '余额不足' } }],
    ['the title of a problem', { type: 'about:blank', title: 'Insufficient balance' }],
  ])('is the account, where %s says so', (_what, body) => {
    expect(read(400, body)).toEqual(nothing('payment_required', 'upstream'));
  });

  it.each(['code', 'status', 'statusCode', 'status_code'])('is read from %s of a body with 200', (name) => {
    expect(read(200, { [name]: 402, message: 'x' })).toEqual(nothing('payment_required', 'upstream'));
    expect(read(200, { [name]: 404, message: 'x' })).toEqual(nothing('not_found', 'work'));
    expect(read(402, { [name]: 200, message: 'x' })).toEqual(nothing('payment_required', 'upstream'));
    expect(read(200, { [name]: '1', result: '17' }).kind).toBe('accepted');
  });

  it('is the way out, where a proxy on it wants a name', () => {
    expect(read(407, 'Proxy Authentication Required')).toEqual(nothing('unauthorized', 'upstream'));
  });

  it('keeps the words of the refusal, without statements about the account', () => {
    expect(read(422, { error: { message: 'bad ratio' } })).toMatchObject({ words: 'bad ratio' });
    expect(read(400, { code: 4, description: '违禁词。剩余额度: ＄0.012345' })).toMatchObject({ words: '违禁词。' });
  });

  it.each([
    ['1', { code: 1, result: '17' }, { kind: 'accepted', upstreamTaskIds: ['17'] }],
    ['21', { code: 21, result: '17' }, { kind: 'exists', upstreamTaskId: '17' }],
    ['22', { code: 22, result: '17' }, { kind: 'queued', upstreamTaskIds: ['17'], ahead: 0 }],
    ['23', { code: 23 }, { kind: 'full' }],
    ['24', { code: 24 }, { kind: 'banned', promptEn: '', bannedWord: '' }],
    ['30', { code: 30 }, { kind: 'full' }],
  ])('means with code %s what it means with 200', (_code, body, outcome) => {
    expect(read(400, body)).toEqual(outcome);
  });

  it.each([200, 400, 401, 402, 403, 404, 429, 500])('is banned with code 24 in %i', (status) => {
    expect(read(status, { code: 24, properties: { bannedWord: 'gore' } })).toMatchObject({
      kind: 'banned',
      bannedWord: 'gore',
    });
  });

  it('takes no success of another list of codes', () => {
    expect(read(400, { code: 0, result: '17' })).toMatchObject({ kind: 'refused' });
    expect(read(400, { result: '17' })).toMatchObject({ kind: 'refused' });
  });

  it('is unknown with code 5 of a new-api, whose own upstream may have accepted', () => {
    expect(read(400, { code: 5, description: 'do_request_failed ' })).toEqual({ kind: 'unknown', fault: 'status_4xx' });
  });

  it.each([423, 425, 451, 499])('is unknown with %i, which does not say that nothing was begun', (status) => {
    expect(read(status, '')).toEqual({ kind: 'unknown', fault: 'status_4xx' });
    expect(read(status, { code: 9, description: 'x' })).toMatchObject({ kind: 'refused' });
  });
});

describe("a submit answered about the operator's account or address", () => {
  it.each([
    [401, 'unauthorized', 'upstream'],
    [402, 'payment_required', 'upstream'],
    [403, 'forbidden', 'work'],
    [404, 'not_found', 'work'],
    [405, 'not_found', 'work'],
    [410, 'not_found', 'work'],
  ])('began nothing with %i, whatever its body is', (status, fault, scope) => {
    const bodies = ['', '<html>', 'no', {}, [], null, { code: 4, description: 'x' }, { error: { message: 'x' } }];
    for (const body of bodies) expect(read(status, body)).toEqual(nothing(fault, scope));
  });

  it.each([
    ['code 4 of new-api', 400, { code: 4, description: 'quota_not_enough ' }, 'payment_required', 'upstream'],
    [
      'its OpenAI shape',
      403,
      { error: { message: '用户额度不足', type: 'new_api_error' } },
      'payment_required',
      'upstream',
    ],
    ['an exhausted token', 401, { error: { message: '该令牌额度已用尽' } }, 'payment_required', 'upstream'],
    ['a name alone', 429, { error: { message: 'x', code: 'insufficient_quota' } }, 'payment_required', 'upstream'],
    ['code 9 with 200', 200, { code: 9, description: '余额不足' }, 'payment_required', 'upstream'],
    ['an error with 200', 200, { error: { message: 'Invalid API key' } }, 'unauthorized', 'upstream'],
    ['an error of two words', 200, { error: 'unauthorized' }, 'unauthorized', 'upstream'],
    ['a status in the body', 200, { code: 401, msg: 'x' }, 'unauthorized', 'upstream'],
    ['another', 200, { error: { code: 402, message: 'x' } }, 'payment_required', 'upstream'],
    [
      'a limit of draws',
      200,
      { success: false, code: -1, message: '总绘图次数已达上限' },
      'payment_required',
      'upstream',
    ],
    ['a ban in plain text', 401, '账号已禁用', 'forbidden', 'upstream'],
    [
      'a ban that speaks of words',
      200,
      { code: 4, description: '账号已被临时封锁，请勿使用违规词作图' },
      'forbidden',
      'upstream',
    ],
    ['a model', 200, { code: 4, description: 'no permission for this model' }, 'forbidden', 'work'],
    ['a model, in Chinese', 403, { error: { message: '该令牌无权访问模型 mj_blend' } }, 'forbidden', 'work'],
    ['a channel', 400, { code: 4, description: '该渠道已被禁用' }, 'forbidden', 'upstream'],
    ['a route', 404, { error: { message: 'Invalid URL (POST /mj/submit/imagine)' } }, 'not_found', 'work'],
    ['an account of theirs with 403', 403, '账号不可用', 'forbidden', 'work'],
    [
      'money while it fails',
      500,
      { error: { message: '用户额度不足', code: 'insufficient_user_quota' } },
      'payment_required',
      'upstream',
    ],
    ['the key while it fails', 503, { code: 9, description: '无效的令牌' }, 'unauthorized', 'upstream'],
  ])('began nothing: %s', (_what, status, body, fault, scope) => {
    expect(read(status, body)).toEqual(nothing(fault, scope));
  });

  it('began nothing where no account does the work, also with a status of failure', () => {
    const error = { message: '当前分组 default 下对于模型 mj_imagine 无可用渠道（distributor）' };
    expect(read(503, { error })).toEqual({ kind: 'nothing_done', fault: 'no_account' });
    expect(read(400, { code: 4, description: '实例不存在或不可用' })).toMatchObject({ fault: 'no_account' });
  });

  it.each([
    ['words of the prompt', 'a sign that reads "insufficient balance"', 'near "insufficient balance"'],
    ['the prompt', '余额不足', 'prompt 余额不足 is invalid'],
  ])('is no answer that quotes %s', (_what, prompt, description) => {
    expect(read(400, { code: 4, description }, { ownTexts: [prompt] })).toMatchObject({ kind: 'refused', code: 4 });
  });

  it.each([
    ['an id', 404, ''],
    ['an id, in words', 404, { code: 3, description: '关联任务不存在或已失效' }],
    ['an id, in an error', 404, { error: { message: 'Not Found' } }],
    ['an id, with 200', 200, { code: 4, description: 'task_not_found' }],
    ['an id, with 400', 400, { code: 3, description: '关联任务不存在或已失效' }],
    ['an id that is gone', 410, ''],
  ])('is no answer to a follow-up about %s', (_what, status, body) => {
    expect(read(status, body, { isFollowUp: true })).toMatchObject({ kind: 'refused' });
  });

  it('stops a follow-up alone where the channel of its task is disabled', () => {
    const body = { code: 4, description: '该任务所属渠道已被禁用' };
    expect(read(400, body, { isFollowUp: true })).toEqual(nothing('forbidden', 'task'));
    expect(read(400, body)).toEqual(nothing('forbidden', 'work'));
  });

  it('says nothing of it with 5xx that is no JSON, or that speaks of a model or a route', () => {
    for (const body of [
      '余额不足',
      '<html>Unauthorized</html>',
      { error: { message: 'no permission for this model' } },
    ])
      expect(read(500, body)).toEqual({ kind: 'unknown', fault: 'status_5xx' });
  });
});

describe('a submit answered with 429', () => {
  it.each(['', '<html>', { code: 4 }, { code: 1, result: '17' }, { code: 30, description: 'x' }])(
    'means full, with %j too',
    (body) => {
      expect(read(429, body)).toEqual({ kind: 'full' });
    },
  );

  it('says when to come back', () => {
    const answer = { status: 429, body: Buffer.from(''), retryAfterMs: 7_000 };
    expect(readSubmitAnswer(answer, {})).toEqual({ kind: 'full', retryAfterMs: 7_000 });
  });
});

describe('a submit answered with 5xx', () => {
  it.each([500, 501, 502, 503, 504, 520, 599])('is unknown with %i, whatever its body says', (status) => {
    const bodies = [
      '',
      '<html>',
      { success: false, code: -1, message: '操作失败' },
      { code: 1, result: '17' },
      { code: 23 },
    ];
    for (const body of bodies) expect(read(status, body)).toEqual({ kind: 'unknown', fault: 'status_5xx' });
  });

  it('is not failing where it says so in an answer with 200', () => {
    expect(read(200, { code: 500, message: '操作失败' })).toEqual({ kind: 'unknown', fault: 'unexpected' });
  });
});

describe('a submit answered with 2xx or 3xx', () => {
  it.each([200, 201, 202])('is read like any other with %i', (status) => {
    expect(read(status, { code: 1, result: '17' })).toMatchObject({ kind: 'accepted' });
  });

  it.each([204, 205])('is unknown with %i', (status) => {
    expect(read(status, '')).toEqual({ kind: 'unknown', fault: 'unreadable' });
  });

  it.each([
    '<!doctype html><title>New API</title>',
    ' <!DOCTYPE HTML>\n<head><meta charset="utf-8">',
    '<html lang="en"><body>{"code":1}</body></html>',
    '<!-- built 2026 -->\n<!doctype html><html><head></head></html>',
    '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html><head></head></html>',
    '<!doctype html><noscript>Enable JavaScript</noscript>',
  ])('began nothing where it is a page: %s', (page) => {
    expect(read(200, page)).toEqual({ ...nothing('not_found', 'work'), isPage: true });
    expect(read(502, page)).toEqual({ kind: 'unknown', fault: 'status_5xx' });
  });

  it.each(['<html>', '<!doctype html>', '<br /><b>Notice</b>', '<Error><Code>x</Code></Error>'])(
    'is unknown where it breaks off, or is something else: %s',
    (text) => {
      expect(read(200, text)).toEqual({ kind: 'unknown', fault: 'unreadable' });
    },
  );

  it.each([
    [301, null],
    [301, 'https://up.test/'],
    [302, 'https://up.test/mj/submit/imagine'],
    [302, 'http://up.test/login?next=/mj'],
    [303, 'http://up.test/mj/submit/imagine/'],
    [307, 'https://other.test/mj/submit/imagine'],
    [308, null],
  ])('began nothing with %i to %s', (status, to) => {
    for (const body of ['', { code: 1, result: '17' }, { code: 4 }])
      expect(read(status, body, {}, to)).toEqual(nothing('redirected', 'work'));
  });

  it.each([
    [300, null],
    [302, null],
    [302, 'http://up.test/mj/task/17/fetch'],
    [303, 'http://up.test/tasks/17'],
    [303, 'https://other.test/'],
    [304, null],
  ])('is unknown with %i to %s, even if its body says more', (status, to) => {
    for (const body of ['', { code: 1, result: '17' }, { code: 4 }])
      expect(read(status, body, {}, to)).toEqual({ kind: 'unknown', fault: 'unreadable' });
  });
});
