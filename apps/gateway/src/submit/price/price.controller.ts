import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { ApiMjErrors } from '../../http/documentation/api-errors.decorator.js';
import { SubmitReplyDto } from '../dto/submit-reply.dto.js';
import { Call, type SubmitCall } from '../submit-call.js';
import { SubmitReplies } from '../submit-replies.js';
import { PriceQuotes } from './price-quotes.js';
import { QuotedPriceDto, PriceQuestionDto } from './price.dto.js';

const BODIES = {
  imagine: {
    summary: 'A prompt that is two jobs',
    value: { route: 'imagine', body: { prompt: 'a {red, blue} fox --ar 3:2' } },
  },
  blend: {
    summary: 'Two pictures, in turbo mode',
    value: { route: 'blend', body: { base64Array: ['first', 'second'], mode: 'TURBO' } },
  },
};

const ANSWERS = {
  price: {
    summary: 'Its price',
    value: { action: 'IMAGINE', mode: 'FAST', jobs: 2, price: 1, total: 2, credits: 41.5 },
  },
  banned: {
    summary: 'It would be declined',
    value: {
      code: 24,
      description: 'Prompt may contain a sensitive word',
      result: null,
      properties: { promptEn: 'gore', bannedWord: 'gore' },
    },
  },
};

/** Says what a submit would cost. */
@ApiTags('account')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/price')
export class PriceController {
  constructor(
    private readonly quotes: PriceQuotes,
    private readonly replies: SubmitReplies,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'priceSubmit',
    summary: 'What a submit would cost',
    description:
      'Opens, charges and sends nothing, and asks no upstream. Mode, action, jobs and price are found as the submit finds ' +
      'them, a mode prefix of the path included; what the submit would refuse is refused with the same error. Whether there ' +
      'is room, and enough credits, is decided by the submit alone: compare `total` with `credits`. A press that opens a ' +
      'window takes its `total` and gives it back when the window is there; what the window costs is asked with `modal`.',
  })
  @ApiBody({ type: PriceQuestionDto, examples: BODIES })
  @ApiExtraModels(QuotedPriceDto, SubmitReplyDto)
  @ApiOkResponse({
    description: 'The price; or, with a `code`, what the submit would answer to a banned word',
    content: {
      'application/json': {
        schema: { oneOf: [{ $ref: getSchemaPath(QuotedPriceDto) }, { $ref: getSchemaPath(SubmitReplyDto) }] },
        examples: ANSWERS,
      },
    },
  })
  @ApiMjErrors(400, 401, 403, 413, 415, 429, 503)
  async price(
    @Call() call: SubmitCall,
    @Body() { route, body }: PriceQuestionDto,
  ): Promise<QuotedPriceDto | SubmitReplyDto> {
    const quote = await this.quotes.of(call, route, body);
    return quote.kind === 'price' ? quote.price : this.replies.of(quote).body;
  }
}
