/** Work that a shutdown has to wait for. */
export class UnderWay {
  private readonly all = new Set<Promise<void>>();

  /** @param work must not reject */
  add(work: Promise<void>): void {
    const kept = work.finally(() => this.all.delete(kept));
    this.all.add(kept);
  }

  /** Resolves once nothing is under way, or after `ms`. */
  async finished(ms?: number): Promise<void> {
    const all = Promise.all(this.all).then(() => undefined);
    if (ms === undefined) return all;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([all, patience]);
    clearTimeout(timer);
  }
}
