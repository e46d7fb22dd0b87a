import { Module } from '@nestjs/common';
import { NotifyController } from './notify.controller.js';

/** POST /mj/notify/{token}: what upstreams push. */
@Module({ controllers: [NotifyController] })
export class NotifyModule {}
