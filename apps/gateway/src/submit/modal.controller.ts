import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { EgressPolicy } from '#libs/net';
import { TakesPictures } from '../http/routes/route-access.js';
import { ModalDto } from './dto/modal.dto.js';
import { planModal } from './plans/modal.plan.js';
import { ModalService } from './modal.service.js';
import { Call, type SubmitCall } from './submit-call.js';
import { ApiSubmitReply, SubmitRoutes } from './submit-routes.decorator.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';

const EXAMPLES = {
  prompt: {
    summary: 'With another prompt',
    value: { taskId: '6237012345678901', prompt: 'a blue fox in the snow --ar 3:2' },
  },
  bare: { summary: 'With what the window shows', value: { taskId: '6237012345678901' } },
};

@SubmitRoutes({ idempotent: false })
@Controller('mj/submit')
export class ModalController {
  constructor(
    private readonly modals: ModalService,
    private readonly egress: EgressPolicy,
  ) {}

  @Post('modal')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'confirmWindow', summary: 'Confirms the window of a task that was answered code 21' })
  @ApiSubmitReply({ idempotent: false })
  @ApiBody({ type: ModalDto, examples: EXAMPLES })
  async confirm(@Call() call: SubmitCall, @Body() body: ModalDto): Promise<SubmitReplyDto> {
    return this.modals.confirm(call, await planModal(body, this.egress));
  }
}
