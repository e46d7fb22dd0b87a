import { ApiProperty } from '@nestjs/swagger';
import { BOT_TYPES, type BotType } from '#libs/wire';
import { ParameterDto } from './parameter.dto.js';

/** A group of versions that take the same parameters. */
export class ModelDto {
  @ApiProperty({ example: '8' })
  name!: string;

  @ApiProperty({ type: [Number], description: 'Values of `--v` that it draws.', example: [8, 8.1, 8.2] })
  versions!: number[];

  @ApiProperty({ type: [Number], description: 'Values of `--niji` that it draws.', example: [] })
  niji!: number[];

  @ApiProperty({
    enum: ['yes', 'no', 'disputed'],
    description: 'Whether `::` parts its prompts.',
    example: 'no',
  })
  multiPrompt!: 'yes' | 'no' | 'disputed';

  @ApiProperty({ type: Number, nullable: true, description: 'The widest ratio, to 1; null: any.', example: 14 })
  widestRatio!: number | null;
}

/** A version that a picker can offer. */
export class VersionDto {
  @ApiProperty({ description: 'What is written into the prompt.', example: '--v 8.2' })
  text!: string;

  @ApiProperty({ enum: BOT_TYPES, description: 'The bot whose version it is.', example: 'MID_JOURNEY' })
  bot!: BotType;

  @ApiProperty({ example: 8.2 })
  version!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Name of its model; null: an old one, of which no parameters are known.',
    example: '8',
  })
  model!: string | null;

  @ApiProperty({ description: 'Whether a prompt without a version is drawn by it.', example: true })
  isDefault!: boolean;
}

/** Everything that a form needs to write parameters, and that the lint judges them by. */
export class PromptRulesDto {
  @ApiProperty({ type: [ParameterDto] })
  parameters!: ParameterDto[];

  @ApiProperty({ type: [ModelDto], description: 'Oldest first; `video` is the one of films.' })
  models!: ModelDto[];

  @ApiProperty({ type: [VersionDto], description: 'Newest first, the default of each bot among them.' })
  versions!: VersionDto[];

  @ApiProperty({ type: 'integer', description: 'Most pictures of a prompt.', example: 20 })
  mostPictures!: number;

  @ApiProperty({ type: 'integer', description: 'Most style references of a prompt.', example: 20 })
  mostStyleReferences!: number;

  @ApiProperty({ type: 'integer', description: 'Longest prompt, in characters.', example: 8_192 })
  mostLength!: number;

  @ApiProperty({
    type: [String],
    description: 'Usual aspect ratios, from upright to wide; others are taken too.',
    example: ['9:16', '1:1', '16:9'],
  })
  ratios!: string[];
}
