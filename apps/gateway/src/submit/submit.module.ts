import { Module } from '@nestjs/common';
import { SubmitController } from './submit.controller.js';
import { SubmitService } from './submit.service.js';

/** POST /mj/submit/*. */
@Module({ controllers: [SubmitController], providers: [SubmitService] })
export class SubmitModule {}
