import { ApiProperty } from '@nestjs/swagger';

/** That a push was heard; never what came of it. */
export class PushReplyDto {
  @ApiProperty({ example: 1 })
  code!: number;

  @ApiProperty({ example: '' })
  description!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  result!: string | null;
}
