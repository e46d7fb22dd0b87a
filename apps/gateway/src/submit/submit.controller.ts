import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { EgressPolicy } from '#libs/net';
import { TakesPictures } from '../http/routes/route-access.js';
import { ActionDto } from './dto/action.dto.js';
import { planAction } from './plans/action.plan.js';
import { ImagineDto } from './dto/imagine.dto.js';
import { planImagine } from './plans/imagine.plan.js';
import { ShortenDto } from './dto/shorten.dto.js';
import { planShorten } from './plans/shorten.plan.js';
import { Call, type SubmitCall } from './submit-call.js';
import { ApiSubmitReply, SubmitRoutes } from './submit-routes.decorator.js';
import { ACTION_EXAMPLES, IMAGINE_EXAMPLES, SHORTEN_EXAMPLES } from './dto/submit.examples.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { ParentTasks } from './plans/parent.js';
import { FollowUpRebaser } from './follow-up-rebaser.js';
import { SubmitService } from './submit.service.js';

/** Submits that begin with a prompt, and buttons of finished tasks. */
@SubmitRoutes()
@Controller('mj/submit')
export class SubmitController {
  constructor(
    private readonly submits: SubmitService,
    private readonly egress: EgressPolicy,
    private readonly parents: ParentTasks,
    private readonly rebaser: FollowUpRebaser,
  ) {}

  @Post('imagine')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'imagine', summary: 'Draws pictures from a prompt' })
  @ApiSubmitReply()
  @ApiBody({ type: ImagineDto, examples: IMAGINE_EXAMPLES })
  async imagine(@Call() call: SubmitCall, @Body() body: ImagineDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planImagine(body, this.egress));
  }

  @Post('shorten')
  @HttpCode(200)
  @ApiOperation({ operationId: 'shortenPrompt', summary: 'Finds the words of a prompt that matter, and shorter ones' })
  @ApiSubmitReply()
  @ApiBody({ type: ShortenDto, examples: SHORTEN_EXAMPLES })
  async shorten(@Call() call: SubmitCall, @Body() body: ShortenDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, planShorten(body));
  }

  @Post('action')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'pressButton',
    summary: 'Presses a button of a finished task: U1..U4, V1..V4, reroll and the others',
  })
  @ApiSubmitReply()
  @ApiBody({ type: ActionDto, examples: ACTION_EXAMPLES })
  async action(@Call() call: SubmitCall, @Body() body: ActionDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await this.rebaser.rebase(await planAction(body, this.parents.of(call.key))));
  }
}
