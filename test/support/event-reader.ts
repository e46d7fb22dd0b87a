import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** One server-sent event. */
export interface ReceivedEvent {
  id: string;
  data: string;
}

/** Reads an event stream as it comes, on a connection of its own. */
export class EventReader {
  readonly events: ReceivedEvent[] = [];
  /** Everything that came, comments included. */
  text = '';
  /** True once the server has ended the stream in an orderly way. */
  hasEnded = false;
  readonly ended: Promise<void>;
  private rest = '';

  private constructor(private readonly answer: IncomingMessage) {
    answer.setEncoding('utf8').on('data', (piece: string) => this.read(piece));
    answer.on('error', () => undefined).on('end', () => (this.hasEnded = true));
    this.ended = new Promise((resolve) => answer.on('close', resolve));
  }

  /** Resolves when the answer has begun. */
  static open(url: string, headers: Record<string, string>): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      request(url, { agent: false, headers })
        .on('response', (answer) => resolve(new EventReader(answer)))
        .on('error', reject)
        .end();
    });
  }

  get status(): number {
    return this.answer.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.answer.headers;
  }

  /** The data of the newest event, parsed; null before there is one. */
  get last(): Record<string, unknown> | null {
    const data = this.events.at(-1)?.data;
    return data === undefined ? null : (JSON.parse(data) as Record<string, unknown>);
  }

  /** Leaves, as a client does that closes its window. */
  async leave(): Promise<void> {
    this.answer.destroy();
    await this.ended;
  }

  private read(piece: string): void {
    this.text += piece;
    const blocks = (this.rest + piece).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.take(block.split('\n'));
  }

  private take(lines: string[]): void {
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const data = field('data');
    if (data !== undefined) this.events.push({ id: field('id') ?? '', data });
  }
}
