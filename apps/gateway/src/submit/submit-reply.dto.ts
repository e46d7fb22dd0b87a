/** What every submit answers. */
export class SubmitReplyDto {
  /**
   * 1 accepted · 3 no upstream does this · 4 the request is wrong · 5 no upstream could be reached · 9 the upstream
   * failed · 21 exists, or a window waits · 23 queue full · 24 banned word · 30 limits used up
   * @example 1
   */
  code!: number;

  /** @example 'Submit success' */
  description!: string;

  /**
   * The task's id; null when there is none.
   * @example '6237012345678901'
   */
  result!: string | null;

  /** More, depending on the code. */
  properties!: Record<string, unknown>;
}
