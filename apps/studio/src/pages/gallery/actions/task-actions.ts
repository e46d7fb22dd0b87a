import { call, type Task } from '../../../api/client.ts';
import { asFailure } from '../../../api/failure.ts';
import { refreshAccount } from '../../../app/account.ts';
import { pagePath } from '../../../app/pages.ts';
import { toast } from '../../../components/toasts.tsx';
import type { GalleryDesk } from '../desk.ts';
import { pressButton } from './press-button.ts';
import { refusalText, submitFailureText } from './refusal-text.ts';
import { strings } from './strings.ts';

const MODES_OF_CREATE: Record<string, string> = {
  IMAGINE: 'imagine',
  BLEND: 'blend',
  DESCRIBE: 'describe',
  SHORTEN: 'shorten',
  EDITS: 'edits',
  RETEXTURE: 'retexture',
  VIDEO: 'video',
  SWAP_FACE: 'swap',
};

/** Address of Create with a prompt in it. */
export function createPath(prompt: string, action = 'IMAGINE'): string {
  const query = new URLSearchParams({ mode: MODES_OF_CREATE[action] ?? 'imagine' });
  if (prompt !== '') query.set('prompt', prompt);
  return `${pagePath('create')}?${query.toString()}`;
}

/** Presses a button and says what came of it; new tasks are put into the gallery, and a window that waits opens. */
export async function press(desk: GalleryDesk, taskId: string, customId: string, what: string): Promise<void> {
  const { started, exists } = strings.value;
  try {
    const outcome = await pressButton(taskId, customId);
    if (outcome.kind === 'refused') return toast(refusalText(outcome), 'danger');
    const ids = outcome.kind === 'window' ? [outcome.id] : outcome.ids;
    await bring(desk, ids);
    if (outcome.kind === 'window') desk.window.value = outcome.id;
    else toast(outcome.kind === 'exists' ? exists(what) : started(what), 'success');
    void refreshAccount();
  } catch (error) {
    toast(submitFailureText(asFailure(error)), 'danger');
  }
}

/** Reads tasks and puts them into the gallery. */
export async function bring({ feed }: GalleryDesk, ids: readonly string[]): Promise<Task[]> {
  const tasks = await call<Task[]>('POST', '/mj/task/list-by-condition', { body: { ids } });
  for (const task of tasks) feed.take(task);
  return tasks;
}

/** Cancels a task and says how that went. @returns seconds after which another try makes sense; null: none does */
export async function cancel(desk: GalleryDesk, id: string): Promise<number | null> {
  const texts = strings.value;
  try {
    await call('POST', `/mj/task/${id}/cancel`);
    toast(texts.cancelled, 'success');
    await bring(desk, [id]);
    void refreshAccount();
    return null;
  } catch (error) {
    const failure = asFailure(error);
    const { name, retryAfter } = failure;
    if (name === 'cancel_not_supported') {
      toast(retryAfter === null ? texts.cancelNever : texts.cancelLater(retryAfter), 'danger');
      return retryAfter;
    }
    toast(
      name === 'task_is_finished' ? texts.tooLate : submitFailureText(failure),
      name === 'task_is_finished' ? 'info' : 'danger',
    );
    if (name === 'task_is_finished') await bring(desk, [id]).catch(() => undefined);
    return null;
  }
}
