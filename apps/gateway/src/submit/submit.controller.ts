import { Body, Controller, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { ApiMjErrors } from '../http/api-errors.decorator.js';
import { TakesPictures } from '../http/route-access.js';
import { ActionDto } from './action.dto.js';
import { ImagineDto } from './imagine.dto.js';
import { Call, type SubmitCall } from './submit-call.js';
import { ACTION_EXAMPLES, IMAGINE_EXAMPLES } from './submit.examples.js';
import { SubmitReplyDto } from './submit-reply.dto.js';
import { SubmitReplyWriter } from './submit-reply.writer.js';
import { SubmitService, type SubmitAnswer } from './submit.service.js';

@ApiTags('submit')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key and body within 24 h give the first answer again.',
})
@ApiOkResponse({ type: SubmitReplyDto })
@ApiMjErrors(400, 401, 409, 413, 415, 422, 429, 502, 503)
@UseInterceptors(SubmitReplyWriter)
@Controller('mj/submit')
export class SubmitController {
  constructor(private readonly submits: SubmitService) {}

  @Post('imagine')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'imagine', summary: 'Draws pictures from a prompt' })
  @ApiBody({ type: ImagineDto, examples: IMAGINE_EXAMPLES })
  imagine(@Call() call: SubmitCall, @Body() body: ImagineDto): Promise<SubmitAnswer> {
    return this.submits.imagine(call, body);
  }

  @Post('action')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'pressButton',
    summary: 'Presses a button of a finished task: U1..U4, V1..V4, reroll and the others',
  })
  @ApiBody({ type: ActionDto, examples: ACTION_EXAMPLES })
  action(@Call() call: SubmitCall, @Body() body: ActionDto): Promise<SubmitAnswer> {
    return this.submits.action(call, body);
  }
}
