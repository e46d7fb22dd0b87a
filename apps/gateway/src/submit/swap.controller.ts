import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation } from '@nestjs/swagger';
import { EgressPolicy } from '#libs/net';
import { TakesPictures } from '../http/routes/route-access.js';
import { Call, type SubmitCall } from './submit-call.js';
import { ApiSubmitReply, SubmitRoutes } from './submit-routes.decorator.js';
import { SWAP_EXAMPLES } from './dto/submit.examples.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { SubmitService } from './submit.service.js';
import { SWAP_FORM } from './dto/swap-form.js';
import { SwapDto } from './dto/swap.dto.js';
import { planSwap } from './plans/swap.plan.js';

/** Face swap, the one route that also takes a form. */
@SubmitRoutes()
@Controller('mj')
export class SwapController {
  constructor(
    private readonly submits: SubmitService,
    private readonly egress: EgressPolicy,
  ) {}

  @Post('insight-face/swap')
  @HttpCode(200)
  @TakesPictures({ form: SWAP_FORM })
  @ApiOperation({ operationId: 'swapFace', summary: 'Puts the face of one picture into another' })
  @ApiConsumes('application/json', 'multipart/form-data')
  @ApiSubmitReply()
  @ApiBody({ type: SwapDto, examples: SWAP_EXAMPLES })
  async swap(@Call() call: SubmitCall, @Body() body: SwapDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planSwap(body, this.egress));
  }

  @Post('submit/insight-face/swap')
  @HttpCode(200)
  @TakesPictures({ form: SWAP_FORM })
  @ApiOperation({ operationId: 'swapFaceAlias', summary: 'The same among the submits' })
  @ApiConsumes('application/json', 'multipart/form-data')
  @ApiSubmitReply()
  @ApiBody({ type: SwapDto, examples: SWAP_EXAMPLES })
  swapAlias(@Call() call: SubmitCall, @Body() body: SwapDto): Promise<SubmitReplyDto> {
    return this.swap(call, body);
  }
}
