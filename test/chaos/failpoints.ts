import type { INestApplicationContext, Type } from '@nestjs/common';
import { HookDispatcher } from '#libs/hooks';
import { DueTaskRepository, TaskRepository } from '#libs/tracking';
import { UpstreamAdapter } from '#libs/upstream';
import { TaskOpener } from '../../libs/tracking/src/submit/open/task-opener.js';

/** A place in the work where a process may die. */
export interface Failpoint {
  readonly name: string;
  /** The instance whose method is watched: of the container, or a part of one. */
  readonly token: Type<object> | (abstract new () => object);
  readonly part?: string;
  readonly method: string;
  readonly when: 'before' | 'after';
  /** Whether a call counts; of `before` points without a result. */
  readonly counts?: (args: readonly unknown[], result: unknown) => boolean;
  /** What makes it happen. `proofs`: unknown outcomes, and the half minute that is between two of them. */
  readonly needs: 'work' | 'failures' | 'unknown_outcomes' | 'proofs';
}

interface SavedChange {
  task: { finishedAt: Date | null };
  timeline: readonly { kind: string; source: string }[];
}

const savedOf = (args: readonly unknown[]): readonly SavedChange[] => args[0] as SavedChange[];
const hasRows = (_args: readonly unknown[], result: unknown): boolean => (result as unknown[]).length > 0;
const hasClaims = ([claims]: readonly unknown[]): boolean => (claims as unknown[]).length > 0;
const isVisible = (args: readonly unknown[]): boolean => savedOf(args).some(({ timeline }) => timeline.length > 0);
const isEnd = (args: readonly unknown[]): boolean => savedOf(args).some(({ task }) => task.finishedAt !== null);
const isLookUp = (args: readonly unknown[]): boolean =>
  savedOf(args).some(({ timeline }) => timeline.some(({ source }) => source === 'reconciler'));
const hasKind =
  (kind: string) =>
  (args: readonly unknown[]): boolean =>
    savedOf(args).some(({ timeline }) => timeline.some((line) => line.kind === kind));
const isResend = hasKind('resend');
const isRetry = hasKind('retry');
const hasRetries = (_args: readonly unknown[], result: unknown): boolean =>
  (result as { task: { retries: number; retriesLeft: number } }[]).some(({ task }) => task.retriesLeft < task.retries);
const hasResends = (_args: readonly unknown[], result: unknown): boolean =>
  (result as { task: { resends: number } }[]).some(({ task }) => task.resends > 0);
const isTaken = (_args: readonly unknown[], result: unknown): boolean =>
  (result as { verdict: { kind: string } }).verdict.kind === 'delivered';

const opener = { token: TaskOpener, method: 'open', needs: 'work' } as const;
const submit = { token: UpstreamAdapter, method: 'submit', needs: 'work' } as const;
const settle = { token: TaskRepository, method: 'settle', needs: 'work' } as const;
const save = { token: TaskRepository, method: 'save', needs: 'work' } as const;
const savePolled = { token: TaskRepository, method: 'savePolled', needs: 'work' } as const;
const dispatch = { token: DueTaskRepository, method: 'dispatch', when: 'after' } as const;

/** Every step of a task's life that something could be lost or done twice between. */
export const FAILPOINTS: readonly Failpoint[] = [
  { name: 'open.before', ...opener, when: 'before' },
  { name: 'open.after', ...opener, when: 'after' },
  { name: 'send.before', ...submit, when: 'before' },
  { name: 'send.answered', ...submit, when: 'after' },
  { name: 'settle.before', ...settle, when: 'before' },
  { name: 'settle.after', ...settle, when: 'after' },
  { name: 'dispatch.claimed', ...dispatch, counts: hasRows, needs: 'work' },
  { name: 'poll.claimed', token: DueTaskRepository, method: 'claimDue', when: 'after', counts: hasRows, needs: 'work' },
  { name: 'poll.fetched', token: UpstreamAdapter, method: 'fetchMany', when: 'after', needs: 'work' },
  { name: 'save.before', ...savePolled, when: 'before', counts: isVisible },
  { name: 'save.after', ...savePolled, when: 'after', counts: isVisible },
  { name: 'end.before', ...savePolled, when: 'before', counts: isEnd },
  { name: 'end.after', ...savePolled, when: 'after', counts: isEnd },
  { name: 'hook.claimed', token: HookDispatcher, method: 'begin', when: 'before', counts: hasClaims, needs: 'work' },
  { name: 'hook.before', token: HookDispatcher, part: 'sender', method: 'send', when: 'before', needs: 'work' },
  {
    name: 'hook.answered',
    token: HookDispatcher,
    part: 'sender',
    method: 'send',
    when: 'after',
    counts: isTaken,
    needs: 'work',
  },
  { name: 'hook.settled', token: HookDispatcher, part: 'settles', method: 'add', when: 'after', needs: 'work' },
  {
    name: 'lookup.claimed',
    token: DueTaskRepository,
    method: 'claimLookUps',
    when: 'after',
    counts: hasRows,
    needs: 'unknown_outcomes',
  },
  {
    name: 'lookup.listed',
    token: UpstreamAdapter,
    method: 'listRecent',
    when: 'after',
    needs: 'unknown_outcomes',
  },
  { name: 'lookup.saved', ...save, when: 'after', counts: isLookUp, needs: 'unknown_outcomes' },
  { name: 'resend.before', ...save, when: 'before', counts: isResend, needs: 'proofs' },
  { name: 'resend.after', ...save, when: 'after', counts: isResend, needs: 'proofs' },
  { name: 'resend.dispatched', ...dispatch, counts: hasResends, needs: 'proofs' },
  { name: 'retry.before', ...savePolled, when: 'before', counts: isRetry, needs: 'failures' },
  { name: 'retry.after', ...savePolled, when: 'after', counts: isRetry, needs: 'failures' },
  { name: 'retry.dispatched', ...dispatch, counts: hasRetries, needs: 'failures' },
];

type Method = (...args: unknown[]) => unknown;

/**
 * Has `die` called at the n-th time that the named point is reached. Only the rig does so: the built gateway has no
 * failpoints, they are put around the methods of its instances from outside.
 * @throws Error for an unknown point, or one whose method is gone
 */
export function armFailpoint(app: INestApplicationContext, name: string, n: number, die: () => void): void {
  const point = FAILPOINTS.find((candidate) => candidate.name === name);
  if (point === undefined) throw new Error(`there is no failpoint ${name}`);
  const instance = app.get<Record<string, unknown>>(point.token, { strict: false });
  const target = (point.part === undefined ? instance : instance[point.part]) as Record<string, Method | undefined>;
  const original = target?.[point.method];
  if (original === undefined) throw new Error(`failpoint ${name}: there is no method ${point.method}`);
  let hits = 0;
  const reach = (args: readonly unknown[], result?: unknown): void => {
    if (point.counts?.(args, result) === false) return;
    hits += 1;
    if (hits === n) die();
  };
  target[point.method] = (...args) => {
    if (point.when === 'before') reach(args);
    const result = original.apply(target, args);
    if (point.when === 'before') return result;
    return Promise.resolve(result).then((value) => {
      reach(args, value);
      return value;
    });
  };
}
