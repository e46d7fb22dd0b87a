/** Our own mark, sent as `state` with every submit: by it a task is recognised whose answer never came. */
export function correlationIdOf(taskId: string): string {
  return `jm:${taskId}`;
}

const CORRELATION_ID = /^jm:\d{16}$/;

/** Whether a text is the mark of some task: an upstream that shows one shows what it was sent. */
export function isCorrelationId(state: string | null): boolean {
  return state !== null && CORRELATION_ID.test(state);
}
