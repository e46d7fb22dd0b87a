import type { OutboundProxy } from '#libs/net';
import type { UpstreamKind } from '../kinds.js';
import type { KindCapabilities } from './capabilities.js';
import type { SubmitCommand, SubmitContext } from './command.js';
import type { Outcome } from './outcome.js';
import type { RecentQuery, RecentTasks } from './recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from './snapshot.js';

/** An upstream with the settings that a call needs. */
export interface UpstreamTarget {
  id: string;
  name: string;
  kind: UpstreamKind;
  /** Those of its kind. */
  capabilities: KindCapabilities;
  /** Without a trailing slash and without the path of its kind. */
  baseUrl: string;
  secret: string | null;
  /** User agent; null: the gateway's own. */
  userAgent: string | null;
  /** The proxy of every call; null: calls go directly. */
  proxy: OutboundProxy | null;
  /** Modes and actions that the upstream takes; null: all. */
  modes: readonly string[] | null;
  actions: readonly string[] | null;
  /** Version that is named in prompts without one; null: prompts go as they are. */
  defaultVersion: string | null;
  /** Versions of Midjourney that it has; null: all of its kind. */
  modelVersions: readonly string[] | null;
  /** Whether work that only needs the picture of a result may go to other upstreams. */
  followUps: 'sticky' | 'rebase';
  acceptsNotifyHook: boolean;
  acceptsAccountFilter: boolean;
  /** Total deadlines of calls, ms. */
  submitTimeoutMs: number;
  pollTimeoutMs: number;
  /** Parts of error texts that mean that the upstream is saturated. */
  fullTexts: readonly string[];
}

/**
 * The port through which the gateway calls upstreams, and its own DI token. Implementations keep no state of an upstream,
 * which is an argument. They never log or show an address, and every call has a total deadline and a byte cap.
 */
export abstract class UpstreamAdapter {
  /**
   * Does work that needs no call: opens a window that exists in the gateway only, or picks a picture that exists. Null: the
   * work has to be sent. Default: everything has.
   */
  submitLocally(_up: UpstreamTarget, _command: SubmitCommand, _context: SubmitContext): Outcome | null {
    return null;
  }

  /** Sends work once. Failures of the upstream or the network are outcomes, and never thrown. */
  abstract submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome>;

  /**
   * Reads up to 100 tasks in one call, where the kind has such a call. Unknown ids and items that cannot be read are left
   * out; of a task that an answer shows twice the most advanced snapshot is given.
   * @param onUnreadable called where items could not be read
   * @throws RouteMissingError where the upstream has no route for many tasks
   * @throws UpstreamCallError
   */
  abstract fetchMany(
    up: UpstreamTarget,
    upstreamTaskIds: readonly string[],
    onUnreadable?: () => void,
  ): Promise<Snapshot[]>;

  /** Reads one task; null when the upstream does not know it. @throws UpstreamCallError */
  abstract fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null>;

  /** Lists the newest tasks of an upstream, one page by default; null where it has no such list. @throws UpstreamCallError */
  abstract listRecent(up: UpstreamTarget, query?: RecentQuery): Promise<RecentTasks | null>;

  /** Reads the seed of a finished task, within 30 s. @throws UpstreamCallError without an answer that can be read */
  abstract seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply>;

  /**
   * Asks an upstream to cancel a task. True: it did not decline; whether the task ends, its next snapshots show. False: it
   * declined, or has no such route. @throws UpstreamCallError
   */
  abstract cancel(up: UpstreamTarget, upstreamTaskId: string): Promise<boolean>;

  /**
   * Makes a harmless read, which shows whether an upstream works and what it is capable of.
   * @throws UpstreamCallError without an answer, for 5xx, and (`status_4xx`) where it declines every call, as for a wrong secret
   */
  abstract probe(up: UpstreamTarget): Promise<ProbeReply>;

  /** Closes all connections. */
  abstract close(): Promise<void>;
}
