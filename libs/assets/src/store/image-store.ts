import type { Readable } from 'node:stream';

/** Bytes of a file, both ends counted in. */
export interface ByteSpan {
  start: number;
  end: number;
}

/** The store has no file of that name. */
export class FileMissingError extends Error {
  override readonly name = 'FileMissingError';

  constructor(name: string, cause?: unknown) {
    super(`the picture store has no ${name}`, { cause });
  }
}

/** A file of a store at a local path, to be released. */
export interface LocalFile {
  path: string;
  release(): Promise<void>;
}

/**
 * The port to the store of kept pictures; it is its own DI token. Names are relative paths of `[a-z0-9/.-]`; a file never
 * changes after it was put. Faults of the disk or bucket are thrown.
 */
export abstract class ImageStore {
  abstract readonly kind: 'disk' | 's3';
  /** Folder or bucket, for people. */
  abstract readonly location: string;

  /** A local path where no file exists yet, for bytes that are about to be put. */
  abstract scratchFile(): Promise<string>;

  /** Moves a local file into the store as `name`, atomically and durably; it replaces an older file. */
  abstract put(name: string, scratchFile: string): Promise<void>;

  /** Streams a file or a part of it. @throws FileMissingError before any byte */
  abstract open(name: string, span?: ByteSpan): Promise<Readable>;

  /** A file at a local path, for programs that read files; it must not be written to. @throws FileMissingError */
  abstract borrow(name: string): Promise<LocalFile>;

  /** Size in bytes; null when there is no such file. */
  abstract size(name: string): Promise<number | null>;

  /** Deletes a file and its variants; does nothing where there is none. */
  abstract removeWithVariants(name: string): Promise<void>;

  /** The id in `store.id`; null when the store has none. */
  abstract identity(): Promise<string | null>;

  /** Writes `store.id` unless one exists. @returns the id that it holds afterwards */
  abstract identify(id: string): Promise<string>;

  /**
   * Probes whether the store can be written to; leaves no file.
   * @param isThorough false: only a probe that costs nothing is made
   * @throws the error of the write
   */
  abstract probe(isThorough: boolean): Promise<void>;

  /** Deletes scratch files that processes left when they died. To be called at most once an hour. */
  abstract sweep(now: Date): Promise<void>;

  /** Closes the connections of the store. */
  abstract close(): Promise<void>;
}
