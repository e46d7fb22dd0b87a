import { call, type Schemas, type Task } from '../../../api/client.ts';

/** A submit of a task to an upstream. */
export interface UpstreamCall {
  id: string;
  at: string;
  upstreamId: string;
  upstreamName: string;
  operation: string;
  /** What came of it, such as `accepted`, `refused` or `unknown`. */
  result: string;
  ms: number;
}

/** Why a task, or the hook that tells of its end, is where it is. */
export interface Stuck {
  code: string;
  since: string | null;
  ahead: number | null;
  upstreamName: string | null;
  upstreamError: string | null;
  host: string | null;
  next: { what: string; at: string | null } | null;
}

/** Everything that is known of one task. */
export type Dossier = Omit<Schemas['TaskDossierDto'], 'calls' | 'stuck'> & {
  calls?: readonly UpstreamCall[];
  stuck?: Stuck | null;
};
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
