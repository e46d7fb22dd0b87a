import {
  UpstreamAdapter,
  UpstreamCallError,
  type CallFault,
  type Outcome,
  type ProbeReply,
  type RecentTasks,
  type SeedReply,
  type Snapshot,
  type SubmitCommand,
  type SubmitContext,
  type UpstreamTarget,
} from '#libs/upstream';
import { aSnapshot } from './a-snapshot.js';

/** An adapter that a test controls: it returns the given snapshots, fails as set, and records every call. */
export class FakeUpstream extends UpstreamAdapter {
  readonly submits: { upstreamId: string; command: SubmitCommand; context: SubmitContext }[] = [];
  readonly polls: string[][] = [];
  readonly singles: string[] = [];
  lists = 0;
  readonly seeds: string[] = [];
  readonly cancels: string[] = [];
  /** Ids of the upstreams that were probed. */
  readonly probes: string[] = [];

  /** The answer to a submit: a new id each time, unless a test sets another. */
  answer: (context: SubmitContext, up: UpstreamTarget) => Outcome | Promise<Outcome> = () => ({
    kind: 'accepted',
    upstreamTaskIds: [`up-${this.submits.length}`],
  });
  /** The snapshots of its tasks; a task without one is left out of the answers. */
  readonly shown = new Map<string, Snapshot>();
  /** Snapshots added to every answer, requested or not. */
  extra: Snapshot[] = [];
  /** The list of its newest tasks; null: the upstream has no list. */
  recent: RecentTasks | null = null;
  /** Faults of its read calls; null: the call succeeds. */
  faults: { many: CallFault | null; single: CallFault | null; list: CallFault | null } = {
    many: null,
    single: null,
    list: null,
  };

  /** The answers to a request for a seed, and to a cancel. */
  onSeed: (upstreamTaskId: string) => SeedReply | Promise<SeedReply> = () => ({ kind: 'seed', seed: '1234567890' });
  onCancel: (upstreamTaskId: string) => boolean | Promise<boolean> = () => true;

  onProbe: (up: UpstreamTarget) => ProbeReply | Promise<ProbeReply> = () => ({ readsBatches: true });

  /** Shows a task from now on. */
  show(upstreamTaskId: string, snapshot: Partial<Snapshot> = {}): void {
    this.shown.set(upstreamTaskId, aSnapshot({ upstreamTaskId, ...snapshot }));
  }

  async submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    this.submits.push({ upstreamId: up.id, command, context });
    return this.answer(context, up);
  }

  async fetchMany(_up: UpstreamTarget, upstreamTaskIds: readonly string[]): Promise<Snapshot[]> {
    this.polls.push([...upstreamTaskIds]);
    failIf(this.faults.many);
    const known = upstreamTaskIds.map((id) => this.shown.get(id)).filter((snapshot) => snapshot !== undefined);
    return Promise.resolve([...known, ...this.extra]);
  }

  async fetch(_up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    this.singles.push(upstreamTaskId);
    failIf(this.faults.single);
    return Promise.resolve(this.shown.get(upstreamTaskId) ?? null);
  }

  async listRecent(): Promise<RecentTasks | null> {
    this.lists += 1;
    failIf(this.faults.list);
    return Promise.resolve(this.recent);
  }

  async seed(_up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply> {
    this.seeds.push(upstreamTaskId);
    return this.onSeed(upstreamTaskId);
  }

  async cancel(_up: UpstreamTarget, upstreamTaskId: string): Promise<boolean> {
    this.cancels.push(upstreamTaskId);
    return this.onCancel(upstreamTaskId);
  }

  async probe(up: UpstreamTarget): Promise<ProbeReply> {
    this.probes.push(up.id);
    return this.onProbe(up);
  }

  async close(): Promise<void> {
    return Promise.resolve();
  }
}

function failIf(fault: CallFault | null): void {
  if (fault !== null) throw new UpstreamCallError(fault);
}
