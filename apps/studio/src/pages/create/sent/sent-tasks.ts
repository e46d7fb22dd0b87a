import { signal } from '@preact/signals';
import type { Task } from '../../../api/client.ts';

/** A task that was sent from this page; null until the gateway has told how it stands. */
export interface SentTask {
  id: string;
  task: Task | null;
}

const NAME = 'journeyman.create.sent';
/** More would push everything else off the page; the gallery has all. */
const MOST_KEPT = 4;

/** What was sent lately, newest first; a reload keeps it, another tab has its own. */
export const sentTasks = signal<readonly SentTask[]>(readIds().map((id) => ({ id, task: null })));

/** Puts tasks that were just sent before the others. */
export function addSent(ids: readonly string[]): void {
  const others = sentTasks.value.filter(({ id }) => !ids.includes(id));
  show([...ids.map((id) => ({ id, task: null })), ...others].slice(0, Math.max(MOST_KEPT, ids.length)));
}

/** Takes one off the page; the task itself goes on. */
export function dismissSent(id: string): void {
  show(sentTasks.value.filter((sent) => sent.id !== id));
}

/** Notes how a task stands. */
export function noteTask(task: Task): void {
  if (!sentTasks.value.some(({ id }) => id === task.id)) return;
  sentTasks.value = sentTasks.value.map((sent) => (sent.id === task.id ? { id: sent.id, task } : sent));
}

export function isFinished({ status }: Task): boolean {
  return status === 'SUCCESS' || status === 'FAILURE' || status === 'CANCEL';
}

function show(sent: readonly SentTask[]): void {
  sentTasks.value = sent;
  try {
    sessionStorage.setItem(NAME, sent.map(({ id }) => id).join(','));
  } catch {
    // A browser that keeps nothing shows them for this visit.
  }
}

function readIds(): string[] {
  try {
    return (sessionStorage.getItem(NAME) ?? '').split(',').filter((id) => /^\d+$/.test(id));
  } catch {
    return [];
  }
}
