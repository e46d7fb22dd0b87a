import { Module } from '@nestjs/common';
import { ImageController } from './image.controller.js';
import { ImageService } from './image.service.js';
import { PictureSender } from './picture-sender.js';
import { UnknownIdLimiter } from './unknown-id-limiter.js';

/** GET and HEAD of pictures and videos. Whoever composes it adds AssetsModule to its imports. */
@Module({
  controllers: [ImageController],
  providers: [ImageService, PictureSender, { provide: UnknownIdLimiter, useFactory: () => new UnknownIdLimiter() }],
})
export class ImageModule {}
