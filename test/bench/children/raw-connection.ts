import net from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)/i;
/** Longer bodies are counted, not kept. */
const KEPT_BYTES = 64 * 1024;

export interface RawAnswer {
  status: number;
  bytes: number;
  /** Empty where it is longer than 64 KiB. */
  body: Buffer;
}

/**
 * One kept-alive HTTP/1.1 connection with one request under way at a time. It reads just enough of HTTP (a status and a
 * content-length) to cost far less than the server that is measured.
 */
export class RawConnection {
  private readonly socket: net.Socket;
  private chunks: Buffer[] = [];
  private head: { status: number; length: number } | null = null;
  private got = 0;
  private done: ((answer: RawAnswer) => void) | null = null;
  private failed: ((error: Error) => void) | null = null;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  /** Calls one of the two, once. */
  send(request: Buffer, done: (answer: RawAnswer) => void, failed: (error: Error) => void): void {
    this.done = done;
    this.failed = failed;
    this.socket.write(request);
  }

  close(): void {
    this.done = this.failed = null;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    let body = chunk;
    if (this.head === null) {
      const all = this.chunks.length === 0 ? chunk : Buffer.concat([...this.chunks, chunk]);
      const end = all.indexOf(HEAD_END);
      if (end < 0) {
        this.chunks = [all];
        return;
      }
      const text = all.toString('latin1', 0, end);
      const length = LENGTH.exec(text)?.[1];
      if (length === undefined) return this.fail(new Error(`an answer without a length: ${text}`));
      this.head = { status: Number(text.slice(9, 12)), length: Number(length) };
      this.chunks = [];
      this.got = 0;
      body = all.subarray(end + HEAD_END.length);
    }
    this.got += body.length;
    if (this.head.length <= KEPT_BYTES) this.chunks.push(body);
    if (this.got >= this.head.length) this.finish(this.head);
  }

  private finish({ status, length }: { status: number; length: number }): void {
    const body = this.chunks.length === 1 ? (this.chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.chunks);
    const { done } = this;
    this.chunks = [];
    this.head = this.done = this.failed = null;
    done?.({ status, bytes: length, body });
  }

  private fail(error: Error): void {
    const { failed } = this;
    this.done = this.failed = null;
    failed?.(error);
  }
}
