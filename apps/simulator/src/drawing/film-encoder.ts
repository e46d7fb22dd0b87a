import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { FilmAnswer, FilmMessage } from './film-protocol.js';

/** Compiled; package.json says where. */
const ENTRY = createRequire(import.meta.url).resolve('#film-worker');

/** Frames of a film that is being encoded. */
export interface OpenFilm {
  /** @param rgba four bytes a pixel; not to be used afterwards */
  add(rgba: Buffer): void;
  /** The MP4. @throws Error when it cannot be encoded, or the encoder was closed */
  end(): Promise<Buffer>;
  drop(): void;
}

interface Waiting {
  resolve: (bytes: Buffer) => void;
  reject: (error: Error) => void;
}

/**
 * Encodes films as MP4 (H.264, baseline profile) in a thread of its own, which starts with the first film and keeps no
 * process alive.
 */
export class FilmEncoder {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private films = 0;

  /** @param width, height even numbers of pixels */
  begin(width: number, height: number, framesPerSecond: number): OpenFilm {
    const film = (this.films += 1);
    const worker = (this.worker ??= this.start());
    const tell = (message: FilmMessage, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
    const done = new Promise<Buffer>((resolve, reject) => this.waiting.set(film, { resolve, reject }));
    // Whoever drops it asks for no end.
    done.catch(() => undefined);
    tell({ kind: 'begin', film, width, height, framesPerSecond });
    return {
      add: (rgba) => {
        const own = new Uint8Array(rgba);
        tell({ kind: 'frame', film, rgba: own }, [own.buffer]);
      },
      end: () => {
        tell({ kind: 'end', film });
        return done;
      },
      drop: () => {
        tell({ kind: 'drop', film });
        this.waiting.delete(film);
      },
    };
  }

  /** Ends the thread; films that are being encoded fail. */
  async close(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
    this.fail(new Error('the encoder is closed'));
  }

  private start(): Worker {
    const worker = new Worker(ENTRY);
    worker.unref();
    worker.on('message', (answer: FilmAnswer) => {
      const waiting = this.waiting.get(answer.film);
      this.waiting.delete(answer.film);
      if ('bytes' in answer) waiting?.resolve(Buffer.from(answer.bytes));
      else waiting?.reject(new Error(`the film cannot be encoded: ${answer.error}`));
    });
    worker.on('error', (error) => {
      if (this.worker === worker) this.worker = null;
      this.fail(error);
    });
    return worker;
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
