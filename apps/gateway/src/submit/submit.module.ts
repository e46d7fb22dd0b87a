import { Module } from '@nestjs/common';
import { FollowUpController } from './follow-up.controller.js';
import { FollowUpRebaser } from './follow-up-rebaser.js';
import { KeptPictures } from './pictures/kept-pictures.js';
import { InputPictures } from './pictures/input-pictures.js';
import { KnownAnswers } from './known-answers.js';
import { ModalChecks } from './modal-checks.js';
import { ModalController } from './modal.controller.js';
import { ModalService } from './modal.service.js';
import { PictureFetcher } from './pictures/picture-fetcher.js';
import { PictureSubmitController } from './picture-submit.controller.js';
import { NewTaskBuilder } from './new-task-builder.js';
import { ParentTasks } from './plans/parent.js';
import { SeveralTasks } from './several-tasks.js';
import { PriceController } from './price/price.controller.js';
import { PlanReader } from './price/plan-reader.js';
import { PriceQuotes } from './price/price-quotes.js';
import { SubmitChecks } from './submit-checks.js';
import { SubmitPictures } from './pictures/submit-pictures.js';
import { SubmitReplies } from './submit-replies.js';
import { SubmitController } from './submit.controller.js';
import { SubmitService } from './submit.service.js';
import { SwapController } from './swap.controller.js';

/**
 * POST /mj/submit/*, /mj/insight-face/swap and /mj/price. `imports`: DatabaseModule, NetModule, AccessModule, UpstreamModule, HooksModule,
 * AssetsModule, TrackingModule.
 */
@Module({
  controllers: [
    SubmitController,
    FollowUpController,
    ModalController,
    PictureSubmitController,
    SwapController,
    PriceController,
  ],
  providers: [
    FollowUpRebaser,
    InputPictures,
    KeptPictures,
    KnownAnswers,
    ModalService,
    ModalChecks,
    ParentTasks,
    PictureFetcher,
    SeveralTasks,
    NewTaskBuilder,
    PlanReader,
    PriceQuotes,
    SubmitChecks,
    SubmitPictures,
    SubmitReplies,
    SubmitService,
  ],
})
export class SubmitModule {}
