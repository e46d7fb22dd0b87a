import { Module } from '@nestjs/common';
import { FollowUpController } from './follow-up.controller.js';
import { FollowUpRebaser } from './follow-up-rebaser.js';
import { KeptPictures } from './pictures/kept-pictures.js';
import { InputPictures } from './pictures/input-pictures.js';
import { KnownAnswers } from './known-answers.js';
import { ModalController } from './modal.controller.js';
import { ModalService } from './modal.service.js';
import { PictureFetcher } from './pictures/picture-fetcher.js';
import { PictureSubmitController } from './picture-submit.controller.js';
import { NewTaskBuilder } from './new-task-builder.js';
import { ParentTasks } from './plans/parent.js';
import { SeveralTasks } from './several-tasks.js';
import { SubmitPictures } from './pictures/submit-pictures.js';
import { SubmitReplies } from './submit-replies.js';
import { SubmitController } from './submit.controller.js';
import { SubmitService } from './submit.service.js';
import { SwapController } from './swap.controller.js';

/**
 * POST /mj/submit/* and /mj/insight-face/swap. `imports`: DatabaseModule, NetModule, AccessModule, UpstreamModule, HooksModule,
 * AssetsModule, TrackingModule.
 */
@Module({
  controllers: [SubmitController, FollowUpController, ModalController, PictureSubmitController, SwapController],
  providers: [
    FollowUpRebaser,
    InputPictures,
    KeptPictures,
    KnownAnswers,
    ModalService,
    ParentTasks,
    PictureFetcher,
    SeveralTasks,
    NewTaskBuilder,
    SubmitPictures,
    SubmitReplies,
    SubmitService,
  ],
})
export class SubmitModule {}
