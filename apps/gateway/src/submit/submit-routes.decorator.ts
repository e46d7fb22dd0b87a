import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ApiMjErrors } from '../http/api-errors.decorator.js';
import { SubmitReplyDto } from './submit-reply.dto.js';
import { SubmitReplyWriter } from './submit-reply.writer.js';

/** What all submit routes of a controller have in common: how they are answered, and their documentation. */
export function SubmitRoutes(): ClassDecorator {
  return applyDecorators(
    ApiTags('submit'),
    ApiBearerAuth(),
    ApiSecurity('mj-api-secret'),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'The same key and body within 24 h give the first answer again.',
    }),
    ApiHeader({
      name: 'Prefer',
      required: false,
      description: '`wait=N`, N from 1 to 60 seconds: the answer comes when the task has ended, or then, and shows it.',
      example: 'wait=30',
    }),
    ApiOkResponse({
      type: SubmitReplyDto,
      headers: {
        'Idempotent-Replayed': { description: '`true`: the first answer again.', schema: { type: 'string' } },
        'Preference-Applied': { description: '`wait=N`, where it was.', schema: { type: 'string' } },
      },
    }),
    ApiMjErrors(400, 401, 409, 413, 415, 422, 429, 502, 503),
    UseInterceptors(SubmitReplyWriter),
  );
}
