import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { StrictInput } from '../../http/request-body/strict-input.js';
import {
  PARAMETER_TYPES,
  QUESTION_GROUPS,
  type ParameterType,
  type QuestionGroup,
} from '../../reports/questions/question.js';
import type { GivenValues } from '../../reports/sql/bound-sql.js';
import type { Cell } from '../../reports/sql/cell.js';
import { SQL_LIMITS } from '../../reports/sql/sql-limits.js';
import { documented, Optional, rule } from '../field-rules.js';

const MOST_PARAMETERS = 50;
const LONGEST_VALUE = 10_000;
const VALUES = {
  type: 'object',
  additionalProperties: { nullable: true },
  description: 'By name, without the colon. What is left out, or null, takes its default.',
  example: { from: '2026-11-22T00:00:00Z' },
} as const;

/** Values by name. */
function Values(): PropertyDecorator {
  return rule('isValues', 'must be an object of texts, numbers, booleans and nulls, of at most 50 names', (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const entries = Object.values(value);
    return (
      entries.length <= MOST_PARAMETERS &&
      entries.every(
        (entry) =>
          entry === null ||
          ['number', 'boolean'].includes(typeof entry) ||
          (typeof entry === 'string' && entry.length <= LONGEST_VALUE),
      )
    );
  });
}

/** Values for the parameters of a question. */
@StrictInput()
export class RunQuestionDto {
  @ApiPropertyOptional(VALUES)
  @Optional()
  @Values()
  parameters?: GivenValues;
}

/** A query of the reader's own. */
@StrictInput()
export class RunSqlDto {
  @ApiProperty({
    type: String,
    description:
      'One query over schema `report`: select, with, values or table. `:name` stands for a parameter; `:from`, `:to`, `:bucket`, `:key`, `:upstream` and `:task` have a default.',
    example: 'select status, count(*) from tasks where submitted_at > :from group by status',
  })
  @rule('isSql', `must be a text of 1 to ${SQL_LIMITS.textCharacters} characters`, (value) => {
    return typeof value === 'string' && value.trim() !== '' && value.length <= SQL_LIMITS.textCharacters;
  })
  @documented({ minLength: 1, maxLength: SQL_LIMITS.textCharacters })
  sql!: string;

  @ApiPropertyOptional(VALUES)
  @Optional()
  @Values()
  parameters?: GivenValues;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'True: the plan is the answer, and nothing is run.',
  })
  @Optional()
  @IsBoolean({ message: 'must be true or false' })
  explain?: boolean;
}

/** A text in the languages of Studio. */
export class WordsDto {
  @ApiProperty({ type: String })
  en!: string;

  @ApiProperty({ type: String })
  zh!: string;
}

/** A parameter of a question. */
export class QuestionParameterDto {
  @ApiProperty({ type: String, example: 'from' })
  name!: string;

  @ApiProperty({ enum: PARAMETER_TYPES, description: 'time: ISO 8601 or ms; key, upstream: a name; task: an id.' })
  type!: ParameterType;

  @ApiProperty({ type: String, description: 'SQL that stands for it while it has no value.', example: 'now()' })
  default!: string;
}

/** How an answer can be drawn. */
export class QuestionChartDto {
  @ApiProperty({ enum: ['time', 'bars'], description: 'Whether times or names are along x.' })
  kind!: 'time' | 'bars';

  @ApiProperty({ type: String, description: 'Column along x.' })
  x!: string;

  @ApiProperty({ type: [String], description: 'Columns that are drawn.' })
  series!: readonly string[];
}

/** A question of the catalogue. */
export class QuestionDto {
  @ApiProperty({ type: String, example: 'throughput' })
  name!: string;

  @ApiProperty({ enum: QUESTION_GROUPS })
  group!: QuestionGroup;

  @ApiProperty({ type: WordsDto })
  title!: WordsDto;

  @ApiProperty({ type: WordsDto })
  description!: WordsDto;

  @ApiProperty({ type: String, description: 'With `:parameters`.' })
  sql!: string;

  @ApiProperty({ type: [QuestionParameterDto] })
  parameters!: readonly QuestionParameterDto[];

  @ApiProperty({ type: QuestionChartDto, nullable: true })
  chart!: QuestionChartDto | null;
}

/** All questions. */
export class QuestionListDto {
  @ApiProperty({ type: [QuestionDto] })
  items!: readonly QuestionDto[];
}

/** A column of an answer. */
export class SqlColumnDto {
  @ApiProperty({ type: String, example: 'submitted_at' })
  name!: string;

  @ApiProperty({ type: String, description: 'As Postgres names it.', example: 'timestamp with time zone' })
  type!: string;
}

/** What a query gave. */
export class SqlResultDto {
  @ApiProperty({ type: [SqlColumnDto] })
  columns!: SqlColumnDto[];

  @ApiProperty({
    type: 'array',
    items: { type: 'array', items: {} },
    description:
      'A list for each row. smallint, integer, real and double are numbers, bigint and numeric texts, times ISO 8601; all else is text as Postgres writes it, cut at 4,000 characters with "…".',
    example: [['SUCCESS', '1024']],
  })
  rows!: Cell[][];

  @ApiProperty({ type: 'integer', description: 'Rows here.', example: 1 })
  rowCount!: number;

  @ApiProperty({ type: Boolean, description: `True: there is more than ${SQL_LIMITS.rows} rows, or 2 MB of text.` })
  truncated!: boolean;

  @ApiProperty({ type: 'integer', description: 'What it took, ms, the wait for its turn counted in.', example: 12 })
  ms!: number;

  @ApiProperty({ type: String, description: 'What was run, with the values written in.' })
  sql!: string;
}

/** A column of a view. */
export class DictionaryColumnDto {
  @ApiProperty({ type: String, example: 'submitted_at' })
  name!: string;

  @ApiProperty({ type: String, example: 'timestamp with time zone' })
  type!: string;

  @ApiProperty({ type: String })
  comment!: string;
}

/** A view, or a function that gives rows. */
export class DictionaryViewDto {
  @ApiProperty({ type: String, example: 'tasks' })
  name!: string;

  @ApiProperty({ type: String })
  comment!: string;

  @ApiProperty({ type: [DictionaryColumnDto] })
  columns!: DictionaryColumnDto[];
}

/** Everything that free SQL can read. */
export class DictionaryDto {
  @ApiProperty({ type: [DictionaryViewDto] })
  views!: DictionaryViewDto[];
}
