/** How long a receiver may take, ms. */
const DEADLINE_MS = 5_000;
/** Calls under way at once; more are left out, as nobody promised them. */
const AT_ONCE = 200;

/** Tells notifyHook receivers of changes: unsigned, in the order of a task's changes, tried once. Never throws. */
export class HookCaller {
  private readonly last = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  /** Posts a task object; the one before it of the same task goes first. */
  tell(id: string, url: string, body: unknown): void {
    if (this.last.size >= AT_ONCE || this.stopping.signal.aborted) return;
    const json = JSON.stringify(body);
    const call = (this.last.get(id) ?? Promise.resolve()).then(() => this.post(url, json));
    this.last.set(id, call);
    void call.then(() => {
      if (this.last.get(id) === call) this.last.delete(id);
    });
  }

  /** Ends all calls. */
  close(): void {
    this.stopping.abort();
  }

  private async post(url: string, body: string): Promise<void> {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(DEADLINE_MS)]),
      });
      await answer.body?.cancel();
    } catch {
      // A receiver that is away misses the event: an upstream's hook is a hint, and so is this one.
    }
  }
}
