import type { JsonExcess } from '#libs/wire';
import type { ExtractedBody } from './body-scanner.js';

/** Why a body is refused while it comes in, and in which of its fields. */
export interface BodyExcess {
  /** Which limit of its structure it exceeds; `text`: what is no large picture is too long; `picture`: it is none. */
  kind: JsonExcess | 'text' | 'picture';
  field: string;
}

/** What takes the bytes of a body while they come in. */
export interface BodyReader {
  /** Takes the next bytes, which nobody changes any more. @returns why the body is refused; null: it is not, so far */
  feed(chunk: Buffer): BodyExcess | null;
  /** The body, once it has come to its end. */
  end(): ExtractedBody;
}
