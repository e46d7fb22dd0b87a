import { type TobRecord } from './tob-record.js';

/** The links of a finished job's pictures, singly, or of its videos. */
export function linksOf({ id, artwork }: TobRecord, base: string): string[] {
  switch (artwork.kind) {
    case 'grid':
      return artwork.cells.map((_, at) => `${base}/pictures/${id}/${at + 1}.png`);
    case 'single':
      return [`${base}/pictures/${id}.png`];
    case 'film':
      return artwork.clips.map((_, at) => `${base}/pictures/${id}/${at + 1}.mp4`);
    case 'none':
      return [];
  }
}
