/**
 * Single-flight: callers that ask for the same key while its work is under way share that work and its result. Nothing is
 * remembered once the work has ended, whether it failed or not.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  /** Keys whose work is under way. */
  get size(): number {
    return this.flights.size;
  }

  /** The work of this key that is under way; undefined: there is none. */
  underWay(key: string): Promise<T> | undefined {
    return this.flights.get(key);
  }

  /** The result of the work of this key that is under way, or else of `work`, which begins now. @throws what the work throws */
  run(key: string, work: () => Promise<T>): Promise<T> {
    return this.flights.get(key) ?? this.start(key, work);
  }

  /** Begins `work` even where work of this key is under way; later callers share the newer one. @throws what `work` throws */
  start(key: string, work: () => Promise<T>): Promise<T> {
    const flight: Promise<T> = work().finally(() => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    this.flights.set(key, flight);
    return flight;
  }

  /** Resolves once the work that is under way now has ended, however it ends. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.flights.values());
  }
}
