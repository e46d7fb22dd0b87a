import { Logger } from '@nestjs/common';
import { Readable } from 'node:stream';
import { logFailure } from '#libs/database';
import { PICTURE_TYPES } from '../format/picture-type.js';
import type { ByteSpan, ImageStore } from '../store/image-store.js';
import { hashOfToken, parseInputName } from './input-link.js';
import type { InputTable, LinkedPicture } from './input-table.js';

/** Bytes of a picture that are read from Postgres at once; a slow reader holds no more than some of these. */
const PIECE_BYTES = 256 * 1024;

/** Runs a statement when there is room for it. */
export type Admission = <T>(read: () => Promise<T>) => Promise<T>;

/** Opens the pictures of links under /mj/input. */
export class InputReader {
  private readonly log = new Logger(InputReader.name);

  constructor(
    private readonly table: InputTable,
    private readonly store: ImageStore,
  ) {}

  /** Whether a name, as it stands in a URL, may be that of a picture; without a look at the database. */
  static mayBe(name: string): boolean {
    return parseInputName(name) !== null;
  }

  /** The picture of a name as it stands in a URL; null where the link is wrong or over. @throws DatabaseUnavailableError */
  async find(name: string): Promise<LinkedPicture | null> {
    const parsed = parseInputName(name);
    const picture = parsed === null ? null : await this.table.find(hashOfToken(parsed.token));
    return picture !== null && PICTURE_TYPES[picture.contentType].extension === parsed?.ending ? picture : null;
  }

  /**
   * The bytes of a picture, or a part of them, streamed: never all of them are in memory.
   * @param admit runs each statement of the stream
   * @param signal aborted when nobody reads any more
   * @throws FileMissingError, DatabaseUnavailableError before any byte; later the stream fails
   */
  async read(picture: LinkedPicture, span: ByteSpan, admit: Admission, signal: AbortSignal): Promise<Readable> {
    if (picture.file !== null) return this.store.open(picture.file, span);
    const pieces = this.pieces(picture.tokenHash, span, admit, signal);
    const first = await pieces.next();
    return Readable.from(after(first, pieces), { objectMode: false, highWaterMark: PIECE_BYTES });
  }

  /**
   * Records that a picture was fetched, after the answer; only the first time costs a statement. Never throws.
   * @returns the upstream that it was published for; null unless this was the first time
   */
  async noteFetch({ isFetched, tokenHash }: LinkedPicture): Promise<string | null> {
    if (isFetched) return null;
    try {
      return await this.table.noteFetch(tokenHash);
    } catch (error) {
      logFailure(this.log, 'the fetch of an input was not recorded', error);
      return null;
    }
  }

  private async *pieces(
    tokenHash: Buffer,
    { start, end }: ByteSpan,
    admit: Admission,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer, void> {
    for (let at = start; at <= end; at += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, end + 1 - at);
      const piece = await admit(() => this.table.piece(tokenHash, at, length, signal));
      if (piece === null || piece.length !== length) throw new Error('the input was removed while it was read');
      yield piece;
    }
  }
}

async function* after(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void>,
): AsyncGenerator<Buffer, void> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
