import { call } from '../../../api/client.ts';
import { readSubmitAnswer, type SubmitAnswer, type SubmitOutcome } from './submit-answer.ts';

const KEY_BYTES = 16;

/** A key that names one press: however often it is sent, the work is done and paid once. */
export function newIdempotencyKey(): string {
  // crypto.randomUUID is missing where the page came over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const underWay = new Map<string, Promise<SubmitOutcome>>();

/**
 * Presses a button of a task. A second press of the same button while the first is under way is the same press.
 *
 * @returns what came of it: new tasks, a window that waits, an older task of the same upscale, or a refusal
 * @throws CallFailure where the gateway refused the call or did not answer
 */
export function pressButton(taskId: string, customId: string): Promise<SubmitOutcome> {
  const name = `${taskId} ${customId}`;
  const pressed = underWay.get(name);
  if (pressed !== undefined) return pressed;
  const press = send({ taskId, customId }).finally(() => underWay.delete(name));
  underWay.set(name, press);
  return press;
}

async function send(body: { taskId: string; customId: string }): Promise<SubmitOutcome> {
  const headers = { 'idempotency-key': newIdempotencyKey() };
  return readSubmitAnswer(await call<SubmitAnswer>('POST', '/mj/submit/action', { body, headers }));
}
