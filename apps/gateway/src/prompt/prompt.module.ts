import { Module } from '@nestjs/common';
import { PromptController } from './prompt.controller.js';

/** POST /mj/prompt/lint, GET /mj/prompt/rules. */
@Module({ controllers: [PromptController] })
export class PromptModule {}
