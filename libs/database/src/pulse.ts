import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Database } from './database.js';
import type { DatabaseClock } from './database-clock.js';
import { logFailure } from './log-failure.js';
import type { Statement } from './statement.js';

/** Time between two beats. */
export const BEAT_MS = 500;
/** A question on a connection that never answers holds one of these, and not the beat. */
const MOST_QUESTIONS = 2;

/** Something that a process does by itself, again and again. */
export interface Part {
  /** Whose work it is; stands in the log. */
  name: string;
  /** A multiple of BEAT_MS. */
  everyMs: number;
  /**
   * SQL condition without parameters: whether anything is due. It is asked at every beat, so an index must answer it
   * without reading what is not due. None: the part has its turn every time, and that costs no statement.
   */
  when?: string;
  /** Has its turn; not again before the last one has ended. What it throws is logged. */
  work: () => Promise<void> | void;
}

/**
 * The clock of everything that a process does by itself. With each beat one statement asks whether anything is due, for
 * all parts at once; a part that has nothing to do is not started and costs nothing. Without an answer nothing is started
 * that waits for one. Shutdown ends it, and waits for what is under way.
 */
export class Pulse implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly parts: Part[] = [];
  private readonly busy = new Set<Part>();
  private readonly running = new Set<Promise<void>>();
  private readonly left = new AbortController();
  private question: { statement: Statement; parts: readonly Part[] } | null = null;
  private questions = 0;
  private beats = 0;

  /** @param clock is told the database's time with every answer, which costs no statement of its own */
  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly clock?: Pick<DatabaseClock, 'begin'>,
  ) {
    setMaxListeners(0, this.left.signal);
  }

  /** Aborted when shutdown begins: whoever loops or pauses ends then. */
  get leaving(): AbortSignal {
    return this.left.signal;
  }

  /** To be called before the first beat. @throws Error when `everyMs` is no multiple of BEAT_MS */
  add(part: Part): void {
    if (part.everyMs <= 0 || part.everyMs % BEAT_MS !== 0) throw new Error(`no beat comes every ${part.everyMs} ms`);
    this.parts.push(part);
    this.question = null;
  }

  /**
   * Starts work that nobody waits for but shutdown; a failure is logged, an outage of Postgres once for all. Who starts
   * something new looks at `leaving` before: this is also for what belongs to work under way.
   */
  run(name: string, work: () => Promise<void>): void {
    const running: Promise<void> = work()
      .catch((error: unknown) => logFailure(new Logger(name), 'a round failed', error))
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  /** Starts what has its turn now and is due, and does not wait for it. Never throws. */
  @Interval(BEAT_MS)
  async beat(): Promise<void> {
    if (this.leaving.aborted) return;
    this.beats += 1;
    const turn = this.parts.filter((part) => (this.beats * BEAT_MS) % part.everyMs === 0 && !this.busy.has(part));
    for (const part of turn) if (part.when === undefined) this.begin(part);
    const waiting = turn.filter(({ when }) => when !== undefined);
    if (waiting.length === 0 || this.questions >= MOST_QUESTIONS) return;
    const due = await this.due();
    for (const part of waiting) if (due.has(part)) this.begin(part);
  }

  /** Everything begins to end at the same time, so that times do not add up. */
  onModuleDestroy(): void {
    this.left.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    // What is under way may start what belongs to it.
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private begin(part: Part): void {
    if (this.leaving.aborted || this.busy.has(part)) return;
    this.busy.add(part);
    this.run(part.name, async () => {
      try {
        await part.work();
      } finally {
        this.busy.delete(part);
      }
    });
  }

  private async due(): Promise<Set<Part>> {
    const { statement, parts } = (this.question ??= questionOf(this.parts));
    this.questions += 1;
    try {
      const endReading = this.clock?.begin();
      const [row] = await this.database.run<{ due: boolean[]; at: Date }>(statement);
      if (row !== undefined) endReading?.(row.at);
      return new Set(parts.filter((_, at) => row?.due[at] === true));
    } catch (error) {
      logFailure(new Logger(Pulse.name), 'nobody knows what is due', error);
      return new Set();
    } finally {
      this.questions -= 1;
    }
  }
}

function questionOf(all: readonly Part[]): { statement: Statement; parts: readonly Part[] } {
  const parts = all.filter(({ when }) => when !== undefined);
  const text = `select array[${parts.map(({ when }) => `(${when})`).join(',\n    ')}] as due, clock_timestamp() as at`;
  // A prepared statement keeps its text, and processes (and tests) differ in what they do.
  const name = `pulse_${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  return { statement: { name, pool: 'work', text }, parts };
}
