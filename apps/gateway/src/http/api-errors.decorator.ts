import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';

/** What every failure answers. */
export class MjErrorDto {
  /**
   * Always 4 for errors of the gateway's own; the HTTP status tells them apart.
   * @example 4
   */
  @ApiProperty()
  code!: number;

  /**
   * Name of the error, as in the README's table.
   * @example 'prompt_is_required'
   */
  @ApiProperty()
  description!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  result!: string | null;

  /** More, e.g. the wrong field. */
  @ApiProperty({ required: false, type: Object })
  properties?: Record<string, unknown>;
}

const MEANING: Record<number, string> = {
  400: 'The request is wrong; `description` says how',
  401: 'No key, an unknown or revoked one, or two different ones',
  404: 'No such picture',
  409: 'The first request with this Idempotency-Key is still being sent',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'The Idempotency-Key was used with another body',
  429: 'Limits used up; see Retry-After',
  502: 'The upstream, or the origin of the picture, failed',
  503: 'Not available for now; see Retry-After',
  504: 'The origin of the picture did not answer in time',
};

/** Documents the failures a route can answer. */
export function ApiMjErrors(...statuses: number[]): ClassDecorator & MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) => ApiResponse({ status, description: MEANING[status] ?? '', type: MjErrorDto })),
  );
}
