import type { ConversionPlan } from './conversion-plan.js';
import type { GridPlan } from './grid-plan.js';
import type { PictureShape } from './picture-shape.js';

/** The picture to convert: a local file, or bytes. */
export type ConversionSource = { path: string } | { bytes: Uint8Array };

/** A request to a converter process. It has one request and one picture at a time. */
export type ConverterRequest =
  | { kind: 'open'; source: ConversionSource }
  /** Converts the picture that was opened last, into a file that does not exist yet or (null) into the reply. */
  | { kind: 'make'; plan: ConversionPlan; path: string | null }
  /** Composes a grid of several pictures, into the reply. */
  | { kind: 'compose'; plan: GridPlan; tiles: readonly (ConversionSource | null)[] };

/**
 * A reply of a converter process. `failed`: `picture` is at fault when it cannot be decoded or encoded, `medium` when
 * its output cannot be written.
 */
export type ConverterReply =
  | { kind: 'shape'; shape: PictureShape }
  | { kind: 'made'; size: number; bytes: Uint8Array | null }
  | { kind: 'failed'; fault: 'picture' | 'medium'; reason: string };
