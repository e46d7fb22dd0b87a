import { ApiProperty } from '@nestjs/swagger';
import { SUBMIT_CODE, type TaskView } from '#libs/wire';

/** What every submit answers. */
export class SubmitReplyDto {
  /**
   * 1 accepted · 3 no upstream does this · 4 the request is wrong · 5 no upstream could be reached · 9 the upstream
   * failed · 21 exists, or a window waits · 22 queued (raw codes) · 23 queue full · 24 banned word · 30 limits used up
   * @example 1
   */
  @ApiProperty({ type: 'integer', enum: Object.values(SUBMIT_CODE) })
  code!: number;

  /**
   * What the code means here.
   * @example 'Submit success'
   */
  description!: string;

  /**
   * The task's id, or several parted by commas where one submit made several tasks; of an upload the links of its pictures;
   * null when there is nothing.
   */
  @ApiProperty({
    oneOf: [
      { type: 'string', nullable: true },
      { type: 'array', items: { type: 'string' } },
    ],
    example: '6237012345678901',
  })
  result!: string | string[] | null;

  /**
   * More: `numberOfQueues` of what waits, `finalPrompt` and `remix` of a window, `promptEn` and `bannedWord` of a banned
   * prompt, `tasks` (ids) and `jobs` (how many) of a prompt that is several jobs, `warnings` of accepted work where the lint has something to say of its prompt: the first 20 findings, as
   * POST /mj/prompt/lint gives them.
   */
  @ApiProperty({ type: 'object', additionalProperties: true, example: {} })
  properties!: Record<string, unknown>;

  /** With `Prefer: wait=N`: the task when it had ended, or after N seconds. */
  @ApiProperty({ required: false, allOf: [{ $ref: '#/components/schemas/TaskDto' }] })
  task?: TaskView;
}
