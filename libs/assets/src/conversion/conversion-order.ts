import type { ConversionTarget } from './conversion-plan.js';
import type { ConversionSource } from './converter-protocol.js';
import type { PictureShape } from './picture-shape.js';

/** Files that a conversion has only while it runs. */
export interface Released {
  release(): Promise<void>;
}

/** Input and output of a conversion; prepared when it begins, released when it has ended. */
export interface ConversionFiles extends Released {
  source: ConversionSource;
  /** Output: a file that does not exist yet; null: the result has the bytes. */
  path: string | null;
}

/** The pictures of a grid in their places, null for one that is left dark. */
export interface GridFiles extends Released {
  tiles: readonly (ConversionSource | null)[];
}

/** An order to a pool of converters. */
export interface Order<Files> {
  /** Called when the conversion has its turn; its errors go to the caller. */
  prepare(): Promise<Files>;
  /** The client that the order is for; each has a fair share of the queue. */
  asker: string;
  /** Name of the picture in the log. */
  label: string;
}

/** An order to compose a grid; the result has its bytes. */
export type GridOrder = Order<GridFiles>;

/** An order to convert one picture. */
export interface ConversionOrder extends Order<ConversionFiles> {
  /** The wanted result, which may depend on the header of the picture; a string refuses the picture for that reason. */
  target: ConversionTarget | ((shape: PictureShape) => ConversionTarget | 'too_large' | 'unreadable');
}

/**
 * How a conversion ended. `busy`: the queue is full · `unreadable`: the picture cannot be decoded ·
 * `too_large`: it would take more memory than the budget has · `late`: it took too long · `medium`: the output cannot be written
 */
export type Conversion =
  | { kind: 'made'; size: number; bytes: Uint8Array | null; target: ConversionTarget }
  | { kind: 'busy' | 'unreadable' | 'too_large' | 'late' }
  | { kind: 'medium'; reason: string };

/** What a client is told of a picture that was not made: later (`busy`), or never in this form. */
export function unconverted({ kind }: Exclude<Conversion, { kind: 'made' }>): {
  kind: 'unreadable' | 'too_large' | 'busy';
} {
  switch (kind) {
    case 'unreadable':
      return { kind };
    case 'too_large':
    case 'late':
      return { kind: 'too_large' };
    case 'busy':
    case 'medium':
      return { kind: 'busy' };
  }
}
