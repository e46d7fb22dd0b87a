import type { JsonExcess } from '#libs/wire';
import type { ExtractedBody } from './body-scanner.js';

/** Why a body is refused while it comes in, and in which of its fields. */
export interface BodyExcess {
  /** The limit of structure that it exceeds; `text`: too long besides its large pictures; `picture`: a field holds no picture. */
  kind: JsonExcess | 'text' | 'picture';
  field: string;
}

/** Consumes the bytes of a body while they come in. */
export interface BodyReader {
  /** Consumes the next bytes, which must not change any more. @returns why the body is refused; null: it is not, so far */
  feed(chunk: Buffer): BodyExcess | null;
  /** The body, once it has come to its end. */
  end(): ExtractedBody;
}
