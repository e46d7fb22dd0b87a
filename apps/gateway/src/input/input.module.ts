import { Module } from '@nestjs/common';
import { InputController } from './input.controller.js';
import { InputLinkLimiter } from './input-link-limiter.js';
import { InputService } from './input.service.js';

/** GET and HEAD of inputs. `imports`: DatabaseModule, AssetsModule. */
@Module({
  controllers: [InputController],
  providers: [InputService, { provide: InputLinkLimiter, useFactory: () => new InputLinkLimiter() }],
})
export class InputModule {}
