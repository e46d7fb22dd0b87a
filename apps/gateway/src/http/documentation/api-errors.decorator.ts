import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import type { LocalErrorName } from '#libs/wire';
import { errorBody } from '../errors/mj-error.js';

/** A 401 in the words of OpenAI's clients. */
export class KeyErrorDto {
  @ApiProperty({ example: 'Invalid API key provided' })
  message!: string;

  @ApiProperty({ example: 'invalid_request_error' })
  type!: string;

  @ApiProperty({ example: 'invalid_api_key' })
  code!: string;
}

/** The body of every error. */
export class MjErrorDto {
  @ApiProperty({
    type: 'integer',
    enum: [4, 5, 30],
    description:
      '4 for every error that is named in `description`, which the HTTP status tells apart; of a submit also 4 with the ' +
      'words of an upstream that declined it, 5 (502, no upstream could be reached) and 30 (429, limits used up).',
    example: 4,
  })
  code!: number;

  @ApiProperty({ description: "Name of the error, as in the README's table.", example: 'prompt_is_required' })
  description!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Always null.', example: null })
  result!: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'More, e.g. in `field` the name of the wrong field.',
    example: { field: 'prompt' },
  })
  properties?: Record<string, unknown>;

  @ApiPropertyOptional({ type: KeyErrorDto, description: 'Of a 401: the same for clients of OpenAI.' })
  error?: KeyErrorDto;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type ResponseObject = Exclude<NonNullable<Operation['responses'][string]>, { $ref: string }>;

interface Failure {
  meaning: string;
  /** One of the errors with this status. */
  example: Record<string, unknown>;
  /** Whether the answer carries `Retry-After`. */
  retries?: boolean;
}

const named = (name: LocalErrorName, properties?: Record<string, unknown>): Record<string, unknown> =>
  errorBody(name, properties);

const FAILURES: Record<number, Failure> = {
  400: {
    meaning: 'The request is wrong; `description` says how',
    example: named('bind_request_body_failed', { field: 'mode' }),
    retries: true,
  },
  401: { meaning: 'No key, an unknown or revoked one, or two different ones', example: named('invalid_api_key') },
  403: { meaning: 'This key may not be used from this address', example: named('address_not_allowed') },
  404: { meaning: 'No such picture, task or token', example: named('not_found') },
  409: {
    meaning: 'The first request with this Idempotency-Key is still being sent',
    example: named('request_outstanding'),
    retries: true,
  },
  413: {
    meaning: 'The body is over 256 KiB, or 32 MiB where pictures may come',
    example: named('request_body_too_large'),
  },
  415: {
    meaning: 'The body is not JSON, or in a coding besides gzip, deflate and br',
    example: named('media_type_not_supported'),
  },
  416: { meaning: 'The range begins behind the end of the picture', example: named('range_not_satisfiable') },
  422: { meaning: 'The Idempotency-Key was used with another body or mode', example: named('idempotency_key_reused') },
  429: {
    meaning: 'Limits used up; see Retry-After',
    example: { code: 30, description: 'Too many tasks or requests', result: null, properties: {} },
    retries: true,
  },
  502: {
    meaning: 'The upstream, or the origin of the picture, failed',
    example: { code: 5, description: 'upstream_unreachable', result: null, properties: {} },
  },
  503: {
    meaning: 'Not available for now; see Retry-After',
    example: named('database_unavailable'),
    retries: true,
  },
  504: { meaning: 'The origin of the picture did not answer in time', example: named('picture_timeout') },
};

const RETRY_AFTER = {
  'Retry-After': {
    description: 'Seconds after which trying again makes sense.',
    schema: { type: 'integer', minimum: 0 },
    example: 5,
  },
} as const;

/** The description of one error in the document. */
export function mjFailure(status: number): ResponseObject {
  const { meaning: description, example, retries = false } = describedFailure(status);
  return {
    description,
    content: { 'application/json': { schema: { $ref: getSchemaPath(MjErrorDto) }, example } },
    ...(retries ? { headers: RETRY_AFTER } : {}),
  };
}

function describedFailure(status: number): Failure {
  const failure = FAILURES[status];
  if (failure === undefined) throw new Error(`status ${status} is not described`);
  return failure;
}

/** Documents the failures a route can answer, besides those of every route that wants a key, or has a body. */
export function ApiMjErrors(...statuses: number[]): ClassDecorator & MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) => {
      const { meaning: description, example, retries = false } = describedFailure(status);
      return ApiResponse({
        status,
        description,
        type: MjErrorDto,
        example,
        ...(retries ? { headers: RETRY_AFTER } : {}),
      });
    }),
  );
}
