import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { SubmitReplyDto } from './dto/submit-reply.dto.js';

/** No example of an Idempotency-Key: Swagger UI would send it, and every try after the first would be a replay or a 422. */
const IDEMPOTENCY = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key and body within 24 h give the first answer again; e.g. a new UUID for each piece of work.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
});

const WAIT = ApiHeader({
  name: 'Prefer',
  required: false,
  description: '`wait=N`, N from 1 to 60 seconds: the answer comes when the task has ended, or then, and shows it.',
  schema: { type: 'string', pattern: '^wait=([1-9]|[1-5]\\d|60)$', example: 'wait=30' },
});

const REPLY_HEADERS = {
  'Retry-After': {
    description: 'Of code 23: seconds after which trying again makes sense.',
    schema: { type: 'integer', minimum: 0 },
    example: 10,
  },
  'Preference-Applied': {
    description: '`wait=N`, where it was waited.',
    schema: { type: 'string' },
    example: 'wait=30',
  },
} as const;

const REPLAY_HEADER = {
  'Idempotent-Replayed': {
    description: '`true`: the first answer again.',
    schema: { type: 'string' },
    example: 'true',
  },
} as const;

/** What the documentation of all submit routes of a controller has in common. */
export function SubmitRoutes({ idempotent = true } = {}): ClassDecorator {
  return applyDecorators(
    ApiTags('submit'),
    ApiBearerAuth(),
    ApiSecurity('mj-api-secret'),
    WAIT,
    ApiMjErrors(400, 401, 413, 415, 429, 502, 503),
    ...(idempotent ? [IDEMPOTENCY, ApiMjErrors(409, 422)] : []),
  );
}

/** Documents the answer. On each method: there the return type would win over what the class says. */
export function ApiSubmitReply({ idempotent = true } = {}): MethodDecorator {
  return ApiOkResponse({
    description: 'Look at `code`: only 1 says that the work is accepted. A full queue (23) names a `Retry-After`',
    type: SubmitReplyDto,
    headers: { ...REPLY_HEADERS, ...(idempotent ? REPLAY_HEADER : {}) },
  });
}
