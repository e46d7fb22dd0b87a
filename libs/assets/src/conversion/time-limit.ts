/** A time limit that can be paused. */
export class TimeLimit {
  isOver = false;
  private timer: NodeJS.Timeout | undefined;
  private left: number;
  private began = 0;

  constructor(
    ms: number,
    private readonly onEnd: () => void,
  ) {
    this.left = ms;
    this.start();
  }

  async pausedFor<T>(work: Promise<T>): Promise<T> {
    this.end();
    this.left -= performance.now() - this.began;
    const result = await work;
    this.start();
    return result;
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private start(): void {
    this.began = performance.now();
    this.timer = setTimeout(() => {
      this.isOver = true;
      this.onEnd();
    }, this.left);
  }
}
