import type { OutboundProxy } from '#libs/net';
import type { SubmitCommand, SubmitContext } from './command.js';
import type { Outcome } from './outcome.js';
import type { RecentQuery, RecentTasks } from './recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from './snapshot.js';

/** An upstream as a call needs it. */
export interface UpstreamTarget {
  id: string;
  name: string;
  /** Without a trailing slash and without /mj. */
  baseUrl: string;
  secret: string | null;
  /** Null: the gateway's own. */
  userAgent: string | null;
  /** What every call leads through; null: nothing. */
  proxy: OutboundProxy | null;
  /** Modes and actions it takes; null: all. */
  modes: readonly string[] | null;
  actions: readonly string[] | null;
  acceptsNotifyHook: boolean;
  acceptsAccountFilter: boolean;
  /** Total deadlines, ms. */
  submitTimeoutMs: number;
  pollTimeoutMs: number;
  /** Parts of error texts that mean "full". */
  fullTexts: readonly string[];
}

/**
 * How the gateway speaks to one kind of upstream: the port, and its own DI token. Implementations are stateless, the
 * upstream is an argument. They never log or show an address, and every call has a total deadline and a byte cap.
 */
export abstract class UpstreamAdapter {
  /** Sends work once. Never throws for what an upstream or the network does: that is an Outcome. */
  abstract submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome>;

  /**
   * Asks for up to 100 tasks in one call. Unknown ids are left out; items that cannot be read spoil only themselves; one
   * that an answer shows twice is given once, as it is furthest on.
   * @param onUnreadable called where there were such items
   * @throws RouteMissingError where it cannot be asked for many
   * @throws UpstreamCallError
   */
  abstract fetchMany(
    up: UpstreamTarget,
    upstreamTaskIds: readonly string[],
    onUnreadable?: () => void,
  ): Promise<Snapshot[]>;

  /** One task; null when the upstream does not know it. @throws UpstreamCallError */
  abstract fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null>;

  /** The newest tasks of an upstream, a page of them unless told; null where it has no such list. @throws UpstreamCallError */
  abstract listRecent(up: UpstreamTarget, query?: RecentQuery): Promise<RecentTasks | null>;

  /** Asks for the seed of a finished task, 30 s at most. @throws UpstreamCallError when there is no answer, or none that can be read */
  abstract seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply>;

  /**
   * Asks it to stop a task. True: it did not decline; what becomes of the task only its next snapshots say. False: it
   * declined, or has no such route. @throws UpstreamCallError
   */
  abstract cancel(up: UpstreamTarget, upstreamTaskId: string): Promise<boolean>;

  /**
   * A harmless read, to find out whether it is there and what it offers.
   * @throws UpstreamCallError without an answer, with 5xx, and (`status_4xx`) where it declines every call, as for a wrong secret
   */
  abstract probe(up: UpstreamTarget): Promise<ProbeReply>;

  /** Gives connections back. */
  abstract close(): Promise<void>;
}
