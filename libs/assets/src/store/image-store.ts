import type { Readable } from 'node:stream';

/** Bytes of a file, both ends counted in. */
export interface ByteSpan {
  start: number;
  end: number;
}

/** A name that the store does not have. */
export class FileMissingError extends Error {
  override readonly name = 'FileMissingError';

  constructor(name: string, cause?: unknown) {
    super(`the picture store has no ${name}`, { cause });
  }
}

/** A file of a store at a local path, to be given back. */
export interface LocalFile {
  path: string;
  release(): Promise<void>;
}

/**
 * Where kept pictures lie: the port, and its own DI token. Names are relative paths of `[a-z0-9/.-]` with slashes;
 * files never change once they are there. Failures of the medium throw.
 */
export abstract class ImageStore {
  abstract readonly kind: 'disk' | 's3';
  /** Folder or bucket, for people. */
  abstract readonly location: string;

  /** A local path of a file that does not exist yet, for bytes that are about to be put. */
  abstract scratchFile(): Promise<string>;

  /** Takes over a local file under `name`: seen whole or not at all, and still there after a power cut. It replaces an older one. */
  abstract put(name: string, scratchFile: string): Promise<void>;

  /** Streams a file or a part of it. @throws FileMissingError before any byte */
  abstract open(name: string, span?: ByteSpan): Promise<Readable>;

  /** A file at a local path, for programs that read files; not to be written to. @throws FileMissingError */
  abstract borrow(name: string): Promise<LocalFile>;

  /** Size in bytes; null when there is no such file. */
  abstract size(name: string): Promise<number | null>;

  /** Deletes a file and everything that was cut or converted out of it; a missing one is fine. */
  abstract removeWithVariants(name: string): Promise<void>;

  /** What `store.id` says; null when the store has none. */
  abstract identity(): Promise<string | null>;

  /** Writes `store.id` unless one exists; the result is what it says afterwards. */
  abstract identify(id: string): Promise<string>;

  /**
   * Tries whether it can be written to; leaves nothing behind.
   * @param isThorough false: only what costs nothing is tried
   * @throws what writing throws
   */
  abstract probe(isThorough: boolean): Promise<void>;

  /** Deletes scratch files that processes left when they died. To be called at most once an hour. */
  abstract sweep(now: Date): Promise<void>;

  /** Gives connections back. */
  abstract close(): Promise<void>;
}
