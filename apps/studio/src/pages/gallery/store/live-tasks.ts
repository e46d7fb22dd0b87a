import { signal } from '@preact/signals';
import type { Task } from '../../../api/client.ts';
import { gatewayUrl } from '../../../api/gateway-url.ts';

/** How news comes: by the event stream, by asking again and again, or not at all. */
export type LiveState = 'off' | 'stream' | 'polling';

export interface LiveSource {
  take: (task: Task) => boolean;
  /** Asks for what may have been missed; tells whether there was news. */
  catchUp: () => Promise<boolean>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** While the stream stands: a look whether it brings what it should. */
const CHECK_MS = 20_000;
const POLL_MS = 3_000;
const LONGEST_POLL_MS = 10_000;
/** After which the stream is tried again. */
const POLLING_MS = 60_000;
/** A page that nobody sees lets go of its stream after this. */
const HIDDEN_MS = 60_000;
/** So many looks that found what the stream should have brought, or failed openings, and it is given up for a while. */
const MOST_MISSES = 2;

/**
 * Brings news of this key's tasks to the page that is open: one event stream for all, opened again with growing pauses after it
 * broke; where a proxy cuts or holds back streams, by asking every few seconds. Owned by who starts it; `stop` gives all back.
 */
export class LiveTasks {
  readonly state = signal<LiveState>('off');
  private events: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  private pause = FIRST_PAUSE_MS;
  private misses = 0;
  private pollingUntil = 0;
  private isStarted = false;
  private isAway = false;

  constructor(private readonly source: LiveSource) {}

  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    document.addEventListener('visibilitychange', this.onVisibility);
    this.open();
  }

  stop(): void {
    this.isStarted = false;
    document.removeEventListener('visibilitychange', this.onVisibility);
    clearTimeout(this.hiddenTimer);
    this.close();
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = setTimeout(() => {
        this.isAway = true;
        this.close();
      }, HIDDEN_MS);
    } else if (this.isAway) {
      this.isAway = false;
      this.misses = 0;
      this.pollingUntil = 0;
      void this.look(() => this.open());
    }
  };

  private open(): void {
    this.close();
    if (!this.isStarted || this.isAway) return;
    if (Date.now() < this.pollingUntil) return this.poll(POLL_MS);
    const events = new EventSource(gatewayUrl('/mj/task/events'));
    this.events = events;
    events.onopen = () => {
      this.pause = FIRST_PAUSE_MS;
      this.state.value = 'stream';
      // What ended while there was no stream is not sent again.
      void this.look(() => this.check(), true);
    };
    events.onmessage = ({ data }: MessageEvent<string>) => this.take(data);
    // Fired for a broken connection, and by the gateway with the reason for which it ends the stream.
    events.onerror = () => this.lost();
  }

  private take(data: string): void {
    try {
      this.source.take(JSON.parse(data) as Task);
    } catch {
      // Half an event: the next look brings the task.
    }
  }

  /** The browser would come back by itself, but not after an answer such as 503. */
  private lost(): void {
    const wasOpen = this.state.peek() === 'stream';
    this.close();
    if (!wasOpen) this.miss();
    this.timer = setTimeout(() => void this.look(() => this.open()), this.pause * (0.8 + Math.random() * 0.4));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  private check(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () =>
        void this.look((isNews) => {
          if (isNews) this.miss();
          else this.misses = 0;
          if (Date.now() < this.pollingUntil) this.open();
          else this.check();
        }, true),
      CHECK_MS,
    );
  }

  private poll(ms: number): void {
    this.state.value = 'polling';
    this.timer = setTimeout(
      () =>
        void this.look((isNews) => {
          if (Date.now() >= this.pollingUntil) return this.open();
          this.poll(isNews ? POLL_MS : Math.min(ms * 1.5, LONGEST_POLL_MS));
        }),
      ms,
    );
  }

  private miss(): void {
    this.misses += 1;
    if (this.misses <= MOST_MISSES) return;
    this.misses = 0;
    this.pollingUntil = Date.now() + POLLING_MS;
  }

  /** @param then what follows where the gateway answered; @param keep whether a failed look leaves the stream as it is */
  private async look(then: (isNews: boolean) => void, keep = false): Promise<void> {
    const events = this.events;
    try {
      const isNews = await this.source.catchUp();
      if (this.isStarted && !this.isAway && events === this.events) then(isNews);
    } catch {
      if (!this.isStarted || this.isAway || events !== this.events) return;
      if (keep) return this.check();
      // The gateway is away: that says nothing against streams.
      this.misses = 0;
      this.timer = setTimeout(() => void this.look(then), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    }
  }

  private close(): void {
    clearTimeout(this.timer);
    this.events?.close();
    this.events = null;
    this.state.value = 'off';
  }
}
