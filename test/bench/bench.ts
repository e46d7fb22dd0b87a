import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchPostgres } from './bench-postgres.js';
import { Child, type ChildOptions } from './child.js';
import type { LoadPlan, LoadResult, LoadRun } from './children/load-plan.js';
import type { Usage } from './children/usage-probe.js';
import { median, type Figure, type Rounds } from './figures.js';
import { cpuSecondsOf } from './process-cpu.js';

/** How long a run takes its time. */
export interface Size {
  rounds: number;
  /** Of one round. */
  seconds: number;
  /** Of what a row does a fixed amount of. */
  share: number;
  isFull: boolean;
}

/** One row of the table, or several that are measured together. */
export interface Row {
  name: string;
  run(bench: Bench): Promise<Figure[]>;
}

/** One of the two that are compared. */
export interface Side {
  /** The process that does the work. */
  server: Child;
  round(): Promise<{ amount: number; seconds: number }>;
  /** Before each round: what is no work of the server's, and must not count as its PostgreSQL's either. */
  prepare?(): Promise<void>;
  /** Done so often, it is warm: 5,000 times unless given. */
  warmAt?: number;
  /** Where what the server used in each round goes. */
  used?: Usage[];
}

/** As `npm run start:prod` starts it. */
const START_FLAGS = ['--max-semi-space-size=32'];
const WARM_AT = 5_000;
const WARM_LIMIT_MS = 40_000;

/** What a row is run with: a PostgreSQL, and the processes it starts, which end with it. */
export class Bench {
  private children: Child[] = [];
  private closers: (() => Promise<void>)[] = [];

  constructor(
    readonly size: Size,
    readonly say: (line: string) => void,
    readonly postgres: BenchPostgres,
    private readonly profile: string | null,
  ) {}

  async start(entry: string, options: ChildOptions = {}): Promise<{ child: Child; url: string }> {
    const started = await Child.start(entry, options);
    this.children.push(started.child);
    return started;
  }

  /** A gateway of its own; its CPU profile is written when it ends, where one was asked for. */
  gateway(environment: Readonly<Record<string, string>>): Promise<{ child: Child; url: string }> {
    const profiling = this.profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${this.profile}`];
    return this.start('children/gateway-main', { environment, execArgv: [...START_FLAGS, ...profiling] });
  }

  /** A load generator with a plan. */
  async load(plan: LoadPlan): Promise<Load> {
    const { child } = await this.start('children/load-main');
    await child.ask('prepare', plan);
    return new Load(child);
  }

  async database(): Promise<string> {
    const url = await this.postgres.database();
    this.onClose(() => this.postgres.drop(url));
    return url;
  }

  async folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'journeyman-bench-'));
    this.onClose(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  /** Called when the row is over, the last one first. */
  onClose(close: () => Promise<void>): void {
    this.closers.push(close);
  }

  /** Ours and the floor in turn, after rounds of each that do not count. */
  async alternate(ours: Side, floor: Side): Promise<Rounds> {
    for (const side of [ours, floor]) await warmUp(side);
    const rounds: { ours: Round[]; floor: Round[] } = { ours: [], floor: [] };
    for (let round = 1; round <= this.size.rounds; round += 1) {
      const [a, b] = [await this.measure(ours), await this.measure(floor)];
      rounds.ours.push(a);
      rounds.floor.push(b);
      this.say(`  round ${round}: ${describe(a)} beside ${describe(b)}: ${(a.rate / b.rate).toFixed(2)}`);
    }
    const costOf = (all: readonly Round[]): Rounds['cost']['ours'] => ({
      serverUs: median(all.map(({ serverUs }) => serverUs)),
      postgresUs: median(all.map(({ postgresUs }) => postgresUs)),
    });
    return {
      ours: rounds.ours.map(({ rate }) => rate),
      floor: rounds.floor.map(({ rate }) => rate),
      cost: { ours: costOf(rounds.ours), floor: costOf(rounds.floor) },
    };
  }

  private async measure({ server, prepare, round, used }: Side): Promise<Round> {
    await prepare?.();
    const postmaster = this.postgres.pid;
    const before = (await cpuSecondsOf(postmaster)) ?? NaN;
    await server.ask('begin');
    const { amount, seconds } = await round();
    const usage = await server.ask<Usage>('end');
    used?.push(usage);
    const { cpu, seconds: probed } = usage;
    const after = (await cpuSecondsOf(postmaster)) ?? NaN;
    const us = (cpuSeconds: number): number => (cpuSeconds * 1e6) / amount;
    return { rate: amount / seconds, serverUs: us(cpu * probed), postgresUs: us(after - before) };
  }

  /** What the processes printed last: for a row that failed. */
  printed(): string {
    return this.children.map(({ printed }) => printed).join('');
  }

  /** Ends what the row started. */
  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => child.stop()));
    for (const close of this.closers.reverse()) await close();
    this.children = [];
    this.closers = [];
  }
}

/** Until the code that runs often is compiled, or it takes too long. */
async function warmUp({ prepare, round, warmAt }: Side): Promise<void> {
  const giveUpAt = Date.now() + WARM_LIMIT_MS;
  for (let done = 0; done < (warmAt ?? WARM_AT) && Date.now() < giveUpAt;) {
    await prepare?.();
    done += (await round()).amount;
  }
}

interface Round {
  rate: number;
  /** CPU for one unit of work, microseconds: the server's, and that of PostgreSQL meanwhile. */
  serverUs: number;
  postgresUs: number;
}

function describe({ rate, serverUs, postgresUs }: Round): string {
  return `${rate.toFixed(1)} (${serverUs.toFixed(0)} + ${postgresUs.toFixed(0)} µs)`;
}

/** A load generator, in a process of its own. */
export class Load {
  constructor(private readonly child: Child) {}

  run(run: LoadRun): Promise<LoadResult> {
    return this.child.ask<LoadResult>('run', run);
  }

  /** A round of requests, to be compared by their number, or by their megabytes. */
  async round(run: LoadRun, by: 'answers' | 'megabytes' = 'answers'): Promise<{ amount: number; seconds: number }> {
    const result = await this.run(run);
    return { amount: result[by], seconds: result.seconds };
  }

  /** The body of one answer. */
  look(at: number): Promise<string> {
    return this.child.ask<string>('look', at);
  }
}
