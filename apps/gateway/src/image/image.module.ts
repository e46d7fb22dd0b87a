import { Module } from '@nestjs/common';
import { ImageController } from './image.controller.js';
import { ImageService } from './image.service.js';
import { PictureLookUp } from './picture-look-up.js';
import { PictureSender } from './picture-sender.js';
import { UnknownIdLimiter } from './unknown-id-limiter.js';

/** GET and HEAD of pictures and videos. `imports`: DatabaseModule, AssetsModule, TrackingModule. */
@Module({
  controllers: [ImageController],
  providers: [
    ImageService,
    PictureLookUp,
    PictureSender,
    { provide: UnknownIdLimiter, useFactory: () => new UnknownIdLimiter() },
  ],
})
export class ImageModule {}
