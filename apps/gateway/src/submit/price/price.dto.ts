import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject } from 'class-validator';
import { TASK_ACTIONS, TASK_MODES, type TaskAction, type TaskMode } from '#libs/wire';
import { PRICED_ROUTES, type PricedRoute } from './plan-reader.js';

/** Body of POST /mj/price: a submit that is not made. */
export class PriceQuestionDto {
  @ApiProperty({
    enum: PRICED_ROUTES,
    description: 'The end of the path of its route; `swap` is /mj/insight-face/swap.',
    example: 'imagine',
  })
  @IsIn(PRICED_ROUTES)
  route!: PricedRoute;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'The body as it would be submitted. In the place of a picture that is no link a short text is to stand: pictures are ' +
      'counted, not looked at.',
    example: { prompt: 'a {red, blue} fox --ar 3:2' },
  })
  @IsObject()
  body!: Record<string, unknown>;
}

/** What a submit would cost. */
export class QuotedPriceDto {
  @ApiProperty({ enum: TASK_ACTIONS, description: 'Of its (first) task.', example: 'IMAGINE' })
  action!: TaskAction;

  @ApiProperty({ enum: TASK_MODES, description: 'Of its (first) task.', example: 'FAST' })
  mode!: TaskMode;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'How many jobs it is.', example: 2 })
  jobs!: number;

  @ApiProperty({ description: 'Credits of the first job.', example: 1 })
  price!: number;

  @ApiProperty({
    description:
      'Credits that it would take now. 0 for what is known already: an upscale that was made, a window that was confirmed.',
    example: 2,
  })
  total!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Credits that the key has left; null: no limit.',
    example: 41.5,
  })
  credits!: number | null;
}
