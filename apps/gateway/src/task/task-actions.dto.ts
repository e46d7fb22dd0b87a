/** What an action on one task, or a question about it, is answered. */
export class TaskWishReplyDto {
  /**
   * 1 done · 5 the upstream could not be reached · 9 the upstream declined
   * @example 1
   */
  code!: number;

  /** @example '' */
  description!: string;

  /**
   * The seed, or the task's id; null when it was declined.
   * @example '1234567890'
   */
  result!: string | null;
}
