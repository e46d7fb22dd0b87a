import type { TaskStatus } from '#libs/wire';

/** What can be made of a picture of a job. */
export const PICTURE_WORK = [
  'upscale',
  'variation',
  'inpaint',
  'outpaint',
  'pan',
  'remix',
  'video',
  'background',
  'enhance',
] as const;
export type PictureWork = (typeof PICTURE_WORK)[number];

/** What the vendor itself says is possible with a job; pictures from 1. Work that it does not list is not known of. */
export interface Offers {
  reroll: boolean;
  pictures: ReadonlyMap<PictureWork, ReadonlySet<number>>;
}

/** A job of either vendor, parsed. */
export interface TobJob {
  id: string;
  /** The correlation id of our push address, where the vendor shows it. */
  state: string | null;
  /** Null: an unknown status; the job goes on. */
  status: TaskStatus | null;
  /** The whole text that was sent; "" where the vendor does not show it. */
  text: string;
  /** The picture of the grid, where the vendor makes one. */
  gridUrl: string | null;
  /** Position n-1 is picture n; null: it was withheld. */
  pictures: (string | null)[];
  /** The vendor has no reason for some of these nulls: their pictures may still come. */
  isIncomplete: boolean;
  /** The same of the clips of a film. */
  clips: (string | null)[];
  /** The prompts that a describe or shorten found, as numbered lines; "" otherwise. */
  found: string;
  /** Which kind of text `found` is; null: none. */
  foundBy: 'describe' | 'shorten' | null;
  failReason: string;
  seed: string | null;
  /** ms since 1970, by the vendor's clock. */
  submitTime: number | null;
  /** Null: the vendor does not say. */
  offers: Offers | null;
  /** The vendor's name of the work, in lower case with underscores; null: it names none. */
  workName: string | null;
}
