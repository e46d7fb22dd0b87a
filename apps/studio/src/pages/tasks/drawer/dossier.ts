import { call, type Schemas, type Task } from '../../../api/client.ts';

/** Everything that is known of one task. */
export type Dossier = Schemas['TaskDossierDto'];
/** Why a task, or the hook that tells of its end, is where it is. */
export type Stuck = Schemas['StuckDto'];
export type Delivery = NonNullable<Dossier['delivery']>;
export type TimelineLine = Dossier['timeline'][number];

const OPEN_MS = 2_000;
const HOOK_MS = 5_000;
const ENDED_MS = 30_000;

/** How long until a dossier is read again: often while something is to come. */
export function pauseOf({ task, delivery }: Dossier): number {
  if (task.finishedAt === null) return OPEN_MS;
  return delivery?.state === 'waiting' ? HOOK_MS : ENDED_MS;
}

/** @throws CallFailure */
export function readDossier(id: string, signal: AbortSignal): Promise<Dossier> {
  return call<Dossier>('GET', `/admin/tasks/${encodeURIComponent(id)}`, { signal });
}

/** The task as its own client reads it; only of the key that this session works as. @throws CallFailure */
export function readPublicTask(id: string, signal: AbortSignal): Promise<Task> {
  return call<Task>('GET', `/mj/task/${encodeURIComponent(id)}/fetch`, { signal });
}
