import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Kinds of values; each is one control of a form. */
export const VALUE_KINDS = ['flag', 'number', 'ratio', 'version', 'word', 'links', 'codes', 'text'] as const;
export type ValueKindName = (typeof VALUE_KINDS)[number];

/** The numbers that a parameter takes: of a range or of a list. */
export class NumberRangeDto {
  @ApiProperty({ description: 'Least value, included.', example: 0 })
  min!: number;

  @ApiProperty({ description: 'Largest value, included.', example: 1_000 })
  max!: number;

  @ApiProperty({ type: Number, description: 'A sensible step of a slider.', example: 1 })
  step!: number;

  @ApiPropertyOptional({ type: [Number], description: 'Only these, where there are such.', example: [1, 2, 4] })
  oneOf?: number[];
}

/** What stands behind the name of a parameter. */
export class ParameterValueDto {
  @ApiProperty({
    enum: VALUE_KINDS,
    description:
      'flag: nothing · number · ratio: `W:H`, whole · version · word: of `words` · links: of pictures · codes: separated by ' +
      'blanks · text: up to the next parameter',
    example: 'number',
  })
  kind!: ValueKindName;

  @ApiProperty({ description: 'Whether the name may stand without a value.', example: false })
  optional!: boolean;

  @ApiPropertyOptional({ type: NumberRangeDto, description: 'Of numbers: what is taken whatever the model.' })
  range?: NumberRangeDto;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/NumberRangeDto' },
    description: 'Of numbers: what these models take in the place of `range`, by their names.',
    example: { 'niji 7': { min: 0, max: 2, step: 0.01 } },
  })
  byModel?: Record<string, NumberRangeDto>;

  @ApiPropertyOptional({ type: [Number], description: 'Of versions: those that there are.', example: [7, 8.1, 8.2] })
  versions?: number[];

  @ApiPropertyOptional({ type: [String], description: 'Words that are known.', example: ['low', 'high'] })
  words?: string[];

  @ApiPropertyOptional({ description: 'Of words: whether only `words` are taken.', example: true })
  closed?: boolean;

  @ApiPropertyOptional({ type: 'integer', description: 'Of links: the most there may be.', example: 1 })
  most?: number;
}

/** A parameter of a prompt. */
export class ParameterDto {
  @ApiProperty({ description: 'Short name, without dashes.', example: 's' })
  name!: string;

  @ApiProperty({ type: [String], description: 'Longer names for the same.', example: ['stylize'] })
  aliases!: string[];

  @ApiProperty({ type: ParameterValueDto })
  value!: ParameterValueDto;

  @ApiProperty({
    type: [String],
    description: 'Names of the models that have it; those of `disputed` may.',
    example: ['6', '6.1', 'niji 6', '7', 'niji 7', '8'],
  })
  models!: string[];

  @ApiProperty({ type: [String], description: 'Models of which sources disagree.', example: [] })
  disputed!: string[];

  @ApiProperty({
    oneOf: [{ type: 'number' }, { type: 'string' }],
    nullable: true,
    description: 'What counts where it is not written; null: nothing, or not known.',
    example: 100,
  })
  default!: number | string | null;

  @ApiProperty({ description: 'Whether it may stand several times.', example: false })
  repeatable!: boolean;

  @ApiProperty({
    description: 'A speed: read by the gateway as the mode, and taken out before the prompt is sent.',
    example: false,
  })
  speed!: boolean;

  @ApiProperty({ description: 'Of old versions, or known from parsers only: nothing to offer.', example: false })
  undocumented!: boolean;

  @ApiProperty({ type: [String], description: 'Parameters that it cannot stand beside, by their names.', example: [] })
  excludes!: string[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The parameter without which it weighs nothing; `picture`: a picture; null: none.',
    example: null,
  })
  needs!: string | null;
}
