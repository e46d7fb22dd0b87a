import type { ConversionPlan } from './conversion-plan.js';
import type { PictureShape } from './picture-shape.js';

/** What is converted: a local file, or bytes. */
export type ConversionSource = { path: string } | { bytes: Uint8Array };

/** What the gateway asks of a converter process: one thing at a time, and one picture at a time. */
export type ConverterRequest =
  | { kind: 'open'; source: ConversionSource }
  /** Of the picture that was opened last; into a file that does not exist, or (null) into the reply. */
  | { kind: 'make'; plan: ConversionPlan; path: string | null };

/**
 * What a converter process replies. `failed`: `picture` is at fault when it cannot be decoded or encoded, `medium` when
 * its output cannot be written.
 */
export type ConverterReply =
  | { kind: 'shape'; shape: PictureShape }
  | { kind: 'made'; size: number; bytes: Uint8Array | null }
  | { kind: 'failed'; fault: 'picture' | 'medium'; reason: string };
