import { type WorkFaults, type WorkRecord } from '../tasks/work-record.js';
import { type Operation } from './operation-names.js';

/** All that is known of a job of the tob family. */
export interface TobRecord extends WorkRecord {
  readonly operation: Operation;
  readonly parentId: string | null;
  /** The prompt as sent, or the parent's. */
  readonly text: string;
  /** The model that drew it, such as `6.1` or `niji 7`. */
  readonly model: string;
  readonly seed: number;
  /** Whether it was asked for with `--draft`: only such pictures can be enhanced. */
  readonly draft: boolean;
  /** Whether it came of an upscale: it cannot be upscaled again. */
  readonly upscaled: boolean;
  /** Whether it began with a picture of the client: it can be upscaled, and nothing else. */
  readonly foreign: boolean;
  /** How many times a video was extended. */
  readonly extended: number;
  /** What describe or shorten found. */
  readonly answer: TobAnswer | null;
  readonly faults: TobTaskFaults;
}

export interface TobAnswer {
  readonly text: string;
  readonly prompts: readonly string[];
}

/** The ordered faults that stay with a job. */
export interface TobTaskFaults extends WorkFaults {
  /** Places (from 0) of pictures that the vendor's review took away. */
  readonly withheld?: readonly number[];
  /** Reads that show success before any link is there. */
  readonly early?: number;
  /** The number or word that is shown as its status while it runs. */
  readonly status?: string;
  readonly comment?: string;
  readonly callback?: 'lost' | 'twice';
  /** How every read of it breaks: `hang`, `reset`, `unreadable`, or a reason or status to refuse with. */
  readonly reads?: string;
  /** Whether LegNext writes of all moments of it but the first that there are none. */
  readonly noDates?: true;
  /** Whether videos stand among the pictures. */
  readonly videoInImages?: true;
}
