import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem, problemBody, wrongField } from '../errors/problem.js';

/** A wrong field. */
export class FieldErrorDto {
  @ApiProperty({ type: String, description: 'Its path in the request; "" is the whole.', example: 'credits' })
  field!: string;

  @ApiProperty({ type: String, description: 'What is wrong with it.', example: 'must be a decimal number' })
  message!: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Of SQL: the place that it is about, from 1.', example: 8 })
  position?: number;
}

/** The body of every error of the admin API (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ type: String, description: 'Names the kind of failure.', example: 'urn:journeyman:problem:not_found' })
  type!: string;

  @ApiProperty({ type: String, description: 'The HTTP status in words.', example: 'Not Found' })
  title!: string;

  @ApiProperty({ type: 'integer', description: 'The HTTP status.', example: 404 })
  status!: number;

  @ApiProperty({ type: String, description: 'What happened, for people.', example: 'No such task' })
  detail!: string;

  @ApiProperty({ type: String, description: 'Path of the request.', example: '/admin/tasks/6237012345678901' })
  instance!: string;

  @ApiProperty({ type: String, description: 'Finds the request in the log.', example: '0f8fad5b-d9cb-469f-a165' })
  requestId!: string;

  @ApiPropertyOptional({ type: [FieldErrorDto], description: 'Of a 400: the wrong fields.' })
  errors?: FieldErrorDto[];
}

interface Failure {
  meaning: string;
  example: Problem;
  retries?: boolean;
}

const FAILURES: Record<number, Failure> = {
  400: {
    meaning: 'A field is wrong or unknown, or the body is not JSON',
    example: wrongField('limit', 'limit must not be greater than 200'),
  },
  401: {
    meaning: 'No ADMIN_KEY, or another one',
    example: new Problem('admin_key_is_invalid', 'Send Authorization: Bearer ADMIN_KEY'),
  },
  403: {
    meaning: 'The cookie of Studio does not suffice: the header of writes is missing, or its session may not do this',
    example: new Problem('studio_header_is_missing', 'A write with the cookie of Studio needs the header'),
  },
  404: { meaning: 'Nothing has this id, or no ADMIN_KEY is set', example: new Problem('not_found', 'No such task') },
  409: { meaning: 'Its state forbids it', example: new Problem('state_forbids', 'The task has ended already') },
  412: {
    meaning: 'It has changed since it was read',
    example: new Problem('precondition_failed', 'Somebody else has changed the price list; read it again'),
  },
  413: { meaning: 'The body is over 256 KiB', example: new Problem('body_too_large', 'The body is over 256 KiB') },
  415: { meaning: 'The body is not JSON', example: new Problem('media_type_not_supported', 'The body must be JSON') },
  429: {
    meaning: 'Too many wrong keys from this address',
    example: new Problem('too_many_requests', 'Too many requests from this address'),
    retries: true,
  },
  503: {
    meaning: 'Postgres is away, or the question looks at too much',
    example: new Problem('database_unavailable', 'Postgres is away'),
    retries: true,
  },
};

const RETRY_AFTER = {
  'Retry-After': {
    description: 'Seconds after which trying again makes sense.',
    schema: { type: 'integer', minimum: 0 },
    example: 2,
  },
} as const;

/** Errors of every route of the admin API: a wrong key, and a gateway that cannot answer now. */
const ALWAYS = [401, 429, 503];

/** Documents the failures a route of the admin API can answer, besides those that any of them can. */
export function ApiProblems(...statuses: number[]): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(ProblemDto, FieldErrorDto),
    ...[...ALWAYS, ...statuses].map((status) => {
      const failure = FAILURES[status];
      if (failure === undefined) throw new Error(`status ${status} is not described`);
      const { meaning: description, example, retries = false } = failure;
      return ApiResponse({
        status,
        description,
        content: {
          'application/problem+json': {
            schema: { $ref: getSchemaPath(ProblemDto) },
            example: problemBody(example, '/admin/tasks', '0f8fad5b-d9cb-469f-a165-70867728950e'),
          },
        },
        ...(retries ? { headers: RETRY_AFTER } : {}),
      });
    }),
  );
}
