import type { Outcome } from '../outcome.js';
import { readSubmitAnswer } from './submit-answer.js';

function read(status: number, body: unknown): Outcome {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readSubmitAnswer({ status, body: Buffer.from(text) }, []);
}

describe('a submit answered with 4xx', () => {
  it.each([
    ['a parent that is gone', 404, { code: 3, description: '关联任务不存在或已失效' }, 9],
    ['a local error of new-api', 400, { code: 4, description: 'prompt_is_required', type: 'upstream_error' }, 4],
    ['an error that only this gateway can mend', 401, { code: 4, description: 'no token' }, 9],
    ['a failure', 400, { code: 9, description: 'x' }, 9],
    ['the second envelope', 400, { success: false, code: -1, message: 'x' }, 9],
    ['the OpenAI shape', 403, { error: { message: 'x', type: 'new_api_error' } }, 9],
    ['the shape of Spring', 400, { timestamp: '2026-01-01T00:00:00Z', status: 400, error: 'Bad Request' }, 9],
    ['a code of no list', 422, { code: 1001, message: 'x' }, 9],
    ['code 1 without an id', 400, { code: 1, result: null }, 9],
  ])('is refused: %s', (_what, status, body, code) => {
    expect(read(status, body)).toMatchObject({ kind: 'refused', code });
  });

  it.each([400, 401, 403, 404, 405, 408, 409, 413, 415, 422])(
    'is refused: %i with no JSON or an empty body',
    (status) => {
      for (const text of ['', '<h1>no</h1>', '[]', 'null'])
        expect(read(status, text)).toEqual({ kind: 'refused', code: 9, words: '' });
    },
  );

  it('keeps the words of the refusal', () => {
    expect(read(422, { error: { message: 'group is gone' } })).toMatchObject({ words: 'group is gone' });
    expect(read(403, { error: { message: 'bad secret' } })).toMatchObject({ kind: 'refused', words: '' });
    expect(read(401, { description: 'bad secret' })).toMatchObject({ kind: 'refused', words: '' });
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

  it('is unknown with code 5 of a new-api, whose own upstream may have accepted', () => {
    expect(read(400, { code: 5, description: 'do_request_failed ' })).toEqual({ kind: 'unknown', fault: 'status_4xx' });
  });

  it.each([423, 425, 451, 499])('is unknown with %i, which does not say that nothing was begun', (status) => {
    expect(read(status, '')).toEqual({ kind: 'unknown', fault: 'status_4xx' });
    expect(read(status, { code: 9, description: 'x' })).toMatchObject({ kind: 'refused' });
  });
});

describe('a submit answered with 429', () => {
  it.each(['', '<html>', { code: 4 }, { code: 1, result: '17' }, { code: 30, description: 'x' }])(
    'means full, with %j too',
    (body) => {
      expect(read(429, body)).toEqual({ kind: 'full' });
    },
  );
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
});

describe('a submit answered with 2xx or 3xx', () => {
  it.each([200, 201, 202])('is read like any other with %i', (status) => {
    expect(read(status, { code: 1, result: '17' })).toMatchObject({ kind: 'accepted' });
  });

  it.each([204, 205])('is unknown with %i', (status) => {
    expect(read(status, '')).toEqual({ kind: 'unknown', fault: 'unreadable' });
  });

  it.each([301, 302, 303, 304, 307, 308])('is unknown with %i, even if its body says more', (status) => {
    for (const body of ['', { code: 1, result: '17' }, { code: 4 }])
      expect(read(status, body)).toEqual({ kind: 'unknown', fault: 'unreadable' });
  });
});
