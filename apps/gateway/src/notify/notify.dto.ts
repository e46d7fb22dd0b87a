import { ApiProperty } from '@nestjs/swagger';

/** That a push was heard; never what came of it. */
export class PushReplyDto {
  @ApiProperty({ type: 'integer', enum: [1], example: 1 })
  code!: number;

  @ApiProperty({ description: 'Always empty.', example: '' })
  description!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Always null.', example: null })
  result!: string | null;
}
