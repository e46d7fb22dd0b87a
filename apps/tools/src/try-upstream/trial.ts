import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  definitionOf,
  UpstreamCallError,
  type Outcome,
  type Snapshot,
  type SubmitCommand,
  type SubmitContext,
  type UpstreamAdapter,
  type UpstreamTarget,
  type Work,
} from '#libs/upstream';
import { isTerminal, newTaskId } from '#libs/wire';
import { CallbackListener } from './callback-listener.js';
import { NotTriedError } from './finding.js';
import { RecordingHttp } from './recording-http.js';

export interface TrialTerms {
  /** Of the imagine. */
  prompt: string;
  withVideo: boolean;
  withMask: boolean;
  /** Whether the same imagine is sent twice. */
  sendsTwice: boolean;
  /** The address that the upstream is to call; null: none. It is never printed. */
  callbackUrl: string | null;
  /** Local port to which that address leads; null: calls cannot be seen. */
  listenPort: number | null;
  /** Pause between two reads of a task, and longest time of one task, ms. */
  pollMs: number;
  patienceMs: number;
  /** How long a call back is waited for after its task has ended, ms. */
  callbackMs: number;
}

/** A task that ended. */
export interface Ended {
  id: string;
  snapshot: Snapshot;
  /** The upstream's own form of it. */
  raw: Record<string, unknown>;
  /** Statuses that the adapter did not know. */
  strange: readonly unknown[];
}

/** An imagine that was begun, perhaps twice. */
interface Begun {
  id: string;
  sentAt: Date;
  /** What came of sending it a second time; null: that was not asked for. */
  again: Outcome | null;
  /** What the list of tasks said of it within seconds; null: it was not in the list, or there is none. */
  listed: Snapshot | null;
}

/** When a list is looked at after a submit, ms. */
const LOOKS_MS = [0, 2_000, 5_000];

/** One try of an upstream: work that is begun once, by whichever check needs it first. Close it when done. */
export class Trial {
  readonly adapter: UpstreamAdapter;
  readonly http = new RecordingHttp({ userAgent: 'Journeyman try-upstream' });
  readonly listener = new CallbackListener();
  /** The mark of the imagine. */
  readonly state = newState();
  private readonly made = new Map<string, Promise<unknown>>();

  constructor(
    readonly up: UpstreamTarget,
    readonly terms: TrialTerms,
  ) {
    this.adapter = definitionOf(up.kind).makeAdapter(this.http);
  }

  /** The imagine, sent at most twice and looked for in the upstream's list. @throws NotTriedError */
  begun(): Promise<Begun> {
    return this.once('begun', () => this.begin());
  }

  /** The imagine at its end. @throws NotTriedError */
  grid(): Promise<Ended> {
    return this.once('grid', async () => this.follow((await this.begun()).id));
  }

  /** Makes something at most once, whether it comes about or not. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.made.get(name) ?? make();
    this.made.set(name, known);
    return known as Promise<T>;
  }

  /** Sends work and gives the upstream's id of it. @throws NotTriedError where it was not taken */
  async accepted(work: Work): Promise<string> {
    return acceptedId(work, await this.send(work, { state: newState(), pushUrl: null }));
  }

  /** Reads a task until it has ended. @throws NotTriedError where it fails, or takes too long */
  async follow(id: string): Promise<Ended> {
    const strange: unknown[] = [];
    const until = Date.now() + this.terms.patienceMs;
    while (Date.now() < until) {
      const snapshot = await this.read(id);
      const raw = this.http.newest(vendorIdOf(id));
      if (snapshot?.status === null) strange.push(raw['status']);
      if (snapshot?.status === 'SUCCESS') return { id, snapshot, raw, strange };
      if (snapshot !== null && snapshot.status !== null && isTerminal(snapshot.status)) {
        throw new NotTriedError(`a task ended as ${snapshot.status}`);
      }
      await sleep(this.terms.pollMs);
    }
    throw new NotTriedError('a task did not end in time');
  }

  async close(): Promise<void> {
    await this.listener.close();
    await this.adapter.close();
  }

  private async begin(): Promise<Begun> {
    const { terms, up } = this;
    if (terms.listenPort !== null) await this.listener.start(terms.listenPort);
    const work: Work = { kind: 'imagine', prompt: terms.prompt, images: [] };
    const sentAt = new Date();
    const context = { state: this.state, pushUrl: terms.callbackUrl };
    const id = acceptedId(work, await this.send(work, context));
    const again = terms.sendsTwice ? await this.send(work, context) : null;
    const listed = up.capabilities.listsRecent === false ? null : await this.lookFor(id, sentAt);
    return { id, sentAt, again, listed };
  }

  private async lookFor(id: string, since: Date): Promise<Snapshot | null> {
    let waited = 0;
    for (const ms of LOOKS_MS) {
      await sleep(ms - waited);
      waited = ms;
      const recent = await this.adapter.listRecent(this.up, { since }).catch(orNull);
      const found = recent?.snapshots.find(({ upstreamTaskId }) => upstreamTaskId === id);
      if (found !== undefined) return found;
    }
    return null;
  }

  private async read(id: string): Promise<Snapshot | null> {
    return this.adapter.fetch(this.up, id).catch(orNull);
  }

  private send(work: Work, context: SubmitContext): Promise<Outcome> {
    return this.adapter.submit(this.up, this.commandOf(work), context);
  }

  private commandOf(work: Work): SubmitCommand {
    const mode = (['FAST', 'RELAX', 'TURBO'] as const).find((one) => this.up.modes?.includes(one) ?? true) ?? 'FAST';
    return { botType: 'MID_JOURNEY', mode, modeIsChosen: false, accountFilter: null, ...work };
  }
}

function newState(): string {
  return `jm:${newTaskId(new Date(), randomBytes(6).readUIntBE(0, 6))}`;
}

/** @throws NotTriedError where the work was not taken */
function acceptedId({ kind }: Work, outcome: Outcome): string {
  if (outcome.kind === 'accepted' || outcome.kind === 'queued') return outcome.upstreamTaskIds[0];
  if (outcome.kind === 'window' && outcome.upstreamTaskId !== null) return outcome.upstreamTaskId;
  throw new NotTriedError(`the ${kind} was not taken: ${outcomeInWords(outcome)}`);
}

/** The vendor's part of an id, to which an adapter may have added more. */
function vendorIdOf(id: string): string {
  return id.split('~')[0] ?? id;
}

/** A read that failed is made again. */
function orNull(error: unknown): null {
  if (error instanceof UpstreamCallError) return null;
  throw error;
}

export function outcomeInWords(outcome: Outcome): string {
  const words = outcome.kind.replaceAll('_', ' ');
  return 'fault' in outcome ? `${words} (${outcome.fault})` : words;
}
