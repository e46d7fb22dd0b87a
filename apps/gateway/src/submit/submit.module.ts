import { Module } from '@nestjs/common';
import { ModalController } from './modal.controller.js';
import { ModalService } from './modal.service.js';
import { SubmitController } from './submit.controller.js';
import { SubmitService } from './submit.service.js';

/** POST /mj/submit/*. */
@Module({ controllers: [ModalController, SubmitController], providers: [ModalService, SubmitService] })
export class SubmitModule {}
