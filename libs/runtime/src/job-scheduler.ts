import { setMaxListeners } from 'node:events';
import { Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

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

/** The way of the scheduler out of the process. */
export interface PulsePorts {
  /** Answers, by one statement, which of these conditions hold, in their order. @throws Error: nothing is known to be due */
  probe: (conditions: readonly string[]) => Promise<readonly boolean[]>;
  /** Logs what failed in the background. */
  logFailure: (log: Logger, what: string, error: unknown) => void;
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
  private question: { conditions: readonly string[]; parts: readonly Part[] } | null = null;
  private questions = 0;
  private beats = 0;

  constructor(private readonly ports: PulsePorts) {
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
      .catch((error: unknown) => this.ports.logFailure(new Logger(name), 'a round failed', error))
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
    const { conditions, parts } = (this.question ??= questionOf(this.parts));
    this.questions += 1;
    try {
      const due = await this.ports.probe(conditions);
      return new Set(parts.filter((_, at) => due[at] === true));
    } catch (error) {
      this.ports.logFailure(new Logger(Pulse.name), 'nobody knows what is due', error);
      return new Set();
    } finally {
      this.questions -= 1;
    }
  }
}

function questionOf(all: readonly Part[]): { conditions: readonly string[]; parts: readonly Part[] } {
  const parts = all.filter(({ when }) => when !== undefined);
  return { conditions: parts.map(({ when }) => when ?? 'false'), parts };
}
