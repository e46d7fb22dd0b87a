import { OutboundError } from '#libs/net';
import { classifyAnswer, classifyFailure } from './classify-answer.js';

const now = new Date('2026-11-22T12:00:00Z');
const of = (status: number, headers: Record<string, string> = {}) => classifyAnswer({ status, headers }, now);

describe('classifyAnswer', () => {
  it.each([200, 201, 202, 204, 299])('%d is delivered', (status) => {
    expect(of(status)).toEqual({ kind: 'delivered', class: 'delivered', status });
  });

  it('410 is gone', () => {
    expect(of(410)).toEqual({ kind: 'gone', class: 'status_410', status: 410 });
  });

  it.each([
    [301, 'status_3xx'],
    [308, 'status_3xx'],
    [400, 'status_4xx'],
    [404, 'status_4xx'],
    [429, 'status_429'],
    [500, 'status_5xx'],
    [503, 'status_5xx'],
    [599, 'status_5xx'],
    [999, 'status_9xx'],
  ])('%d has failed as %s', (status, failure) => {
    expect(of(status)).toEqual({ kind: 'failed', class: failure, status, silenceMs: null });
  });

  it('hears Retry-After of 429 and 503 only', () => {
    expect(of(429, { 'retry-after': '60' })).toMatchObject({ silenceMs: 60_000 });
    expect(of(503, { 'retry-after': 'Sun, 22 Nov 2026 12:00:05 GMT' })).toMatchObject({ silenceMs: 5_000 });
    expect(of(500, { 'retry-after': '60' })).toMatchObject({ silenceMs: null });
  });
});

describe('classifyFailure', () => {
  it.each(['blocked', 'dns', 'connect', 'tls', 'timeout', 'reset', 'too_large', 'protocol'] as const)(
    '%s keeps its class and no detail',
    (kind) => {
      const verdict = classifyFailure(new OutboundError(kind, 'connect', 'ECONNREFUSED'));
      expect(verdict).toEqual({ kind: 'failed', class: kind, status: null, silenceMs: null });
    },
  );

  it('a call that we broke off ourselves is nobody’s failure', () => {
    expect(classifyFailure(new OutboundError('aborted', 'answer'))).toEqual({ kind: 'abandoned' });
  });
});
