import { ApiPropertyOptional } from '@nestjs/swagger';
import { StrictInput } from '../http/request-body/strict-input.js';
import { Optional, Text, Whole } from './field-rules.js';

const MOST = 200;
export const USUAL_PAGE = 50;
const LONGEST_CURSOR = 300;

/** What every list can be asked for. */
@StrictInput()
export class ListQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST, default: USUAL_PAGE, description: 'Most items.' })
  @Optional()
  @Whole(1, MOST)
  limit?: number;

  @ApiPropertyOptional({ type: String, description: '`nextCursor` of the page before, asked with the same filters.' })
  @Optional()
  @Text(1, LONGEST_CURSOR)
  cursor?: string;
}
