/**
 * The correlation id of a task: the `state` sent with every submit. A look-up recognises by it a task whose answer
 * never came.
 */
export function correlationIdOf(taskId: string): string {
  return `jm:${taskId}`;
}

const CORRELATION_ID = /^jm:\d{16}$/;

/** Whether a text is the correlation id of some task. An upstream that shows one is known to echo `state`. */
export function isCorrelationId(state: string | null): boolean {
  return state !== null && CORRELATION_ID.test(state);
}
