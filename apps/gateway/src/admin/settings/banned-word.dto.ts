import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsDefined, ValidateNested } from 'class-validator';
import { StrictInput } from '../../http/request-body/strict-input.js';
import { Optional, Seen, Text } from '../field-rules.js';

const LONGEST_WORD = 100;
const LONGEST_NOTE = 500;
const MOST_WORDS = 2_000;

/** A banned word. */
@StrictInput()
export class BannedWordDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: LONGEST_WORD, example: 'gore' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @Seen()
  @Text(1, LONGEST_WORD)
  word!: string;

  @ApiPropertyOptional({ type: String, maxLength: LONGEST_NOTE, description: 'Why, for operators.' })
  @Optional()
  @Text(0, LONGEST_NOTE)
  note?: string;
}

/** Body of PUT /admin/banned-words. */
@StrictInput()
export class BannedWordsDto {
  @ApiProperty({ type: [BannedWordDto], maxItems: MOST_WORDS })
  @IsDefined({ message: 'is missing: it must be a list, [] for no words' })
  @ArrayMaxSize(MOST_WORDS, { message: `must have at most ${MOST_WORDS} items` })
  @IsArray({ message: 'must be a list' })
  @ValidateNested({ each: true, message: 'must be objects with word and note' })
  @Type(() => BannedWordDto)
  words!: BannedWordDto[];
}

/** A banned word as it is kept. */
export class BannedWordView {
  word!: string;
  note!: string;
  createdAt!: Date;
}

/** All banned words. */
export class BannedWordsView {
  words!: BannedWordView[];
}
