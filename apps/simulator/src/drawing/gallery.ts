/** A drawn file. */
export interface Drawn {
  readonly bytes: Buffer;
  readonly type: 'image/png' | 'image/webp' | 'video/mp4';
}

/**
 * Draws on demand: the same picture asked for many times at once is drawn once, at most `atOnce` different ones are
 * drawn together, and the last ones drawn are kept up to `keepBytes`. What was let go is drawn again, the same.
 */
export class Gallery {
  private readonly kept = new Map<string, Drawn>();
  private readonly drawing = new Map<string, Promise<Drawn>>();
  private readonly waiting: (() => void)[] = [];
  private bytes = 0;
  private busy = 0;

  constructor(
    private readonly atOnce = 2,
    private readonly keepBytes = 96 * 1024 * 1024,
  ) {}

  async get(name: string, draw: () => Promise<Drawn>): Promise<Drawn> {
    const known = this.kept.get(name);
    if (known !== undefined) {
      this.kept.delete(name);
      this.kept.set(name, known);
      return known;
    }
    let running = this.drawing.get(name);
    if (running === undefined) {
      running = this.inTurn(draw).finally(() => this.drawing.delete(name));
      this.drawing.set(name, running);
      void running.then((drawn) => this.keep(name, drawn)).catch(() => undefined);
    }
    return running;
  }

  private async inTurn(draw: () => Promise<Drawn>): Promise<Drawn> {
    if (this.busy >= this.atOnce) await new Promise<void>((go) => this.waiting.push(go));
    else this.busy += 1;
    try {
      return await draw();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.busy -= 1;
      else next();
    }
  }

  private keep(name: string, drawn: Drawn): void {
    this.kept.set(name, drawn);
    this.bytes += drawn.bytes.length;
    for (const [oldest, old] of this.kept) {
      if (this.bytes <= this.keepBytes) break;
      this.kept.delete(oldest);
      this.bytes -= old.bytes.length;
    }
  }
}
