import { BadRequestException, NotFoundException } from '@nestjs/common';
import { StatementCancelledError } from '#libs/database';
import { MjError } from './mj-error.js';
import { Problem, problemBody, wrongField } from './problem.js';
import { toProblem } from './to-problem.js';

const fault = (code: string, message = 'secret words of a driver'): Error =>
  Object.assign(new Error(message), { code });

describe('what the admin API answers to a failure', () => {
  it.each([
    [new Problem('state_forbids', 'no'), 'state_forbids', 409],
    [fault('57014'), 'question_too_slow', 503],
    [new StatementCancelledError(fault('57014')), 'question_too_slow', 503],
    [fault('ECONNREFUSED'), 'database_unavailable', 503],
    [fault('08006'), 'database_unavailable', 503],
    [fault('FST_ERR_CTP_BODY_TOO_LARGE'), 'body_too_large', 413],
    [fault('FST_ERR_CTP_INVALID_MEDIA_TYPE'), 'media_type_not_supported', 415],
    [new MjError('method_not_allowed'), 'method_not_allowed', 405],
    [new MjError('too_many_requests', { retryAfter: 7 }), 'too_many_requests', 429],
    [new NotFoundException(), 'not_found', 404],
    [new BadRequestException('x'), 'body_is_malformed', 400],
    [fault('23505'), 'internal_error', 500],
    [new TypeError('x is not a function'), 'internal_error', 500],
    ['a text', 'internal_error', 500],
    [null, 'internal_error', 500],
  ])('%p', (failure, code, status) => {
    const problem = toProblem(failure);
    expect(problem).toMatchObject({ code, status });
    expect(JSON.stringify(problemBody(problem, '/admin/x', 'id'))).not.toMatch(/secret words|not a function/);
  });

  it('says when to come back, where that helps', () => {
    expect(toProblem(fault('57014')).extras.retryAfter).toBeGreaterThan(0);
    expect(toProblem(fault('ECONNRESET')).extras.retryAfter).toBeGreaterThan(0);
    expect(toProblem(new MjError('too_many_requests', { retryAfter: 7 })).extras.retryAfter).toBe(7);
  });

  it('has the members of RFC 9457', () => {
    expect(problemBody(wrongField('limit', 'must be less'), '/admin/tasks', 'req-1')).toEqual({
      type: 'urn:journeyman:problem:field_is_invalid',
      title: 'Bad Request',
      status: 400,
      detail: 'Wrong: limit',
      instance: '/admin/tasks',
      requestId: 'req-1',
      errors: [{ field: 'limit', message: 'must be less' }],
    });
  });
});
