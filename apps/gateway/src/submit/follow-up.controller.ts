import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { ChangeDto, SimpleChangeDto } from './dto/change.dto.js';
import { planChange, planSimpleChange } from './plans/change.plan.js';
import { Call, type SubmitCall } from './submit-call.js';
import { ApiSubmitReply, SubmitRoutes } from './submit-routes.decorator.js';
import { CHANGE_EXAMPLES, SIMPLE_CHANGE_EXAMPLES } from './dto/submit.examples.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { ParentTasks } from './plans/parent.js';
import { SubmitService } from './submit.service.js';

/** The oldest ways to go on from a grid, without its buttons. */
@SubmitRoutes()
@Controller('mj/submit')
export class FollowUpController {
  constructor(
    private readonly submits: SubmitService,
    private readonly parents: ParentTasks,
  ) {}

  @Post('change')
  @HttpCode(200)
  @ApiOperation({ operationId: 'changeGrid', summary: 'Upscales or varies one picture of a grid, or draws it again' })
  @ApiSubmitReply()
  @ApiBody({ type: ChangeDto, examples: CHANGE_EXAMPLES })
  async change(@Call() call: SubmitCall, @Body() body: ChangeDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planChange(body, this.parents.of(call.key)));
  }

  @Post('simple-change')
  @HttpCode(200)
  @ApiOperation({ operationId: 'changeGridByText', summary: 'The same in one line: "<taskId> U1"' })
  @ApiSubmitReply()
  @ApiBody({ type: SimpleChangeDto, examples: SIMPLE_CHANGE_EXAMPLES })
  async simpleChange(@Call() call: SubmitCall, @Body() body: SimpleChangeDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planSimpleChange(body, this.parents.of(call.key)));
  }
}
