import type { Outcome, SubmitCommand, SubmitContext, UpstreamTarget } from '#libs/upstream';
import type { ContractBench, Lack } from './contract-bench.js';

/** Only for calls that shall run out of time, ms. */
export const SHORT_MS = 400;

/** What the tests of one contract share: the bench of the test that runs, marks that occur once, what is lacking. */
export class ContractSession {
  private current: ContractBench | null = null;
  private marks = 6_240_000_000_000_000;

  constructor(
    private readonly make: () => Promise<ContractBench>,
    private readonly lacks: readonly Lack[],
  ) {}

  get bench(): ContractBench {
    if (this.current === null) throw new Error('no test runs');
    return this.current;
  }

  /** The mark that a task of this submit shows; null where its upstream shows none. */
  markOf({ state }: SubmitContext): string | null {
    return this.has('mark') ? state : null;
  }

  has(what: Lack): boolean {
    return !this.lacks.includes(what);
  }

  nextContext(): SubmitContext {
    this.marks += 1;
    return this.bench.context(`jm:${this.marks}`);
  }

  submit(command: SubmitCommand, context?: SubmitContext, up?: UpstreamTarget): Promise<Outcome> {
    const { adapter, target } = this.bench;
    const told = context ?? this.nextContext();
    const local = adapter.submitLocally(up ?? target, command, told);
    return local === null ? adapter.submit(up ?? target, command, told) : Promise.resolve(local);
  }

  async begin(): Promise<void> {
    this.current = await this.make();
  }

  async end(): Promise<void> {
    const bench = this.current;
    this.current = null;
    await bench?.adapter.close();
    await bench?.close();
  }
}
