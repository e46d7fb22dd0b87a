import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { withoutEnding } from '#libs/wire';
import { Public } from '../http/routes/route-access.js';
import { ApiPicture } from './api-picture.decorator.js';
import { ImageService } from './image.service.js';
import type { AskedPicture } from './picture-look-up.js';
import { PictureQuery, VideoQuery } from './picture-query.js';
import { PictureSender } from './picture-sender.js';

/**
 * Pictures and videos of tasks, for anyone who has the URL. HEAD is answered like GET, without the bytes. A file ending
 * is taken for a part of the name: what is sent is told by its Content-Type.
 */
@ApiTags('pictures')
@Controller('mj')
export class ImageController {
  constructor(
    private readonly images: ImageService,
    private readonly sender: PictureSender,
  ) {}

  @Get('image/:id')
  @Public()
  @ApiOperation({ operationId: 'getImage', summary: 'The picture of a task; its preview while the task runs' })
  @ApiPicture('image', 'single')
  image(
    @Param('id') id: string,
    @Query() query: PictureQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.serve(request, reply, { kind: 'image', id: withoutEnding(id), n: null, query });
  }

  @Get('image/:id/:n')
  @Public()
  @ApiOperation({
    operationId: 'getPicture',
    summary:
      'One picture of a grid, numbered as one reads; of four: 1 upper left, 2 upper right, 3 lower left, 4 lower right',
  })
  @ApiPicture('image', 'numbered')
  single(
    @Param('id') id: string,
    @Param('n') n: string,
    @Query() query: PictureQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.serve(request, reply, { kind: 'image', id, n: withoutEnding(n), query });
  }

  @Get('video/:id')
  @Public()
  @ApiOperation({ operationId: 'getFirstVideo', summary: 'The first video of a task' })
  @ApiPicture('video', 'single')
  firstVideo(
    @Param('id') id: string,
    @Query() query: VideoQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.serve(request, reply, { kind: 'video', id: withoutEnding(id), n: '1', query });
  }

  @Get('video/:id/:n')
  @Public()
  @ApiOperation({ operationId: 'getVideo', summary: 'One video of a task, from 1' })
  @ApiPicture('video', 'numbered')
  video(
    @Param('id') id: string,
    @Param('n') n: string,
    @Query() query: VideoQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.serve(request, reply, { kind: 'video', id, n: withoutEnding(n), query });
  }

  private async serve(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: Omit<AskedPicture, 'address' | 'signal'>,
  ): Promise<void> {
    this.sender.protect(reply);
    const { ip: address, life } = request;
    await this.sender.send(request, reply, await this.images.find({ ...asked, address, signal: life.signal }));
  }
}
