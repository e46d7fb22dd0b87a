import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { EgressPolicy } from '#libs/net';
import { TakesPictures } from '../http/routes/route-access.js';
import { BlendDto } from './dto/blend.dto.js';
import { planBlend } from './plans/blend.plan.js';
import { DescribeDto } from './dto/describe.dto.js';
import { planDescribe } from './plans/describe.plan.js';
import { EditsDto } from './dto/edits.dto.js';
import { planEdits } from './plans/edits.plan.js';
import { Call, type SubmitCall } from './submit-call.js';
import { ApiSubmitReply, SubmitRoutes } from './submit-routes.decorator.js';
import {
  BLEND_EXAMPLES,
  DESCRIBE_EXAMPLES,
  EDITS_EXAMPLES,
  RETEXTURE_EXAMPLES,
  UPLOAD_EXAMPLES,
  VIDEO_EXAMPLES,
} from './dto/submit.examples.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';
import { ParentTasks } from './plans/parent.js';
import { SubmitService } from './submit.service.js';
import { UploadDto } from './dto/upload.dto.js';
import { planUpload } from './plans/upload.plan.js';
import { VideoDto } from './dto/video.dto.js';
import { planVideo } from './plans/video.plan.js';

/** Submits that begin with pictures. */
@SubmitRoutes()
@Controller('mj/submit')
export class PictureSubmitController {
  constructor(
    private readonly submits: SubmitService,
    private readonly egress: EgressPolicy,
    private readonly parents: ParentTasks,
  ) {}

  @Post('blend')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'blend', summary: 'Blends two to five pictures' })
  @ApiSubmitReply()
  @ApiBody({ type: BlendDto, examples: BLEND_EXAMPLES })
  async blend(@Call() call: SubmitCall, @Body() body: BlendDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planBlend(body, this.egress));
  }

  @Post('describe')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'describe', summary: 'Finds prompts that could have made a picture' })
  @ApiSubmitReply()
  @ApiBody({ type: DescribeDto, examples: DESCRIBE_EXAMPLES })
  async describe(@Call() call: SubmitCall, @Body() body: DescribeDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planDescribe(body, this.egress));
  }

  @Post('edits')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'editPicture', summary: 'Changes a picture by a prompt' })
  @ApiSubmitReply()
  @ApiBody({ type: EditsDto, examples: EDITS_EXAMPLES })
  async edits(@Call() call: SubmitCall, @Body() body: EditsDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planEdits('edits', body, this.egress));
  }

  @Post('edit')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'editPictureAlias', summary: 'The same under the name that some servers have' })
  @ApiSubmitReply()
  @ApiBody({ type: EditsDto, examples: EDITS_EXAMPLES })
  edit(@Call() call: SubmitCall, @Body() body: EditsDto): Promise<SubmitReplyDto> {
    return this.edits(call, body);
  }

  @Post('retexture')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'retexture', summary: 'Keeps the shapes of a picture and draws all else anew' })
  @ApiSubmitReply()
  @ApiBody({ type: EditsDto, examples: RETEXTURE_EXAMPLES })
  async retexture(@Call() call: SubmitCall, @Body() body: EditsDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planEdits('retexture', body, this.egress));
  }

  @Post('video')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({ operationId: 'makeVideo', summary: 'Makes a video of a prompt or a picture, or extends one' })
  @ApiSubmitReply()
  @ApiBody({ type: VideoDto, examples: VIDEO_EXAMPLES })
  async video(@Call() call: SubmitCall, @Body() body: VideoDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planVideo(body, this.egress, this.parents.of(call.key)));
  }

  @Post('upload-discord-images')
  @HttpCode(200)
  @TakesPictures()
  @ApiOperation({
    operationId: 'uploadPictures',
    summary: 'Uploads pictures for use in prompts; `result` is the array of their links',
  })
  @ApiSubmitReply()
  @ApiBody({ type: UploadDto, examples: UPLOAD_EXAMPLES })
  async upload(@Call() call: SubmitCall, @Body() body: UploadDto): Promise<SubmitReplyDto> {
    return this.submits.submit(call, await planUpload(body, this.egress));
  }
}
