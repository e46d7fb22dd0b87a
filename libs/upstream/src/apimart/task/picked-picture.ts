import { buttonsOfPicked } from '../buttons/made-buttons.js';
import type { Snapshot } from '../../port/snapshot.js';

/** Whether a grid has picture n, from 1. */
export function hasPicture({ status, imageUrls }: Snapshot, picture: number): boolean {
  return status === 'SUCCESS' && imageUrls.length > 1 && imageUrls[picture - 1] != null;
}

/** One picture of a grid as a task of its own. */
export function pickPicture(
  grid: Snapshot,
  { upstreamTaskId, picture }: { upstreamTaskId: string; picture: number },
): Snapshot {
  const link = grid.imageUrls[picture - 1] ?? null;
  // The mark is that of the grid.
  const own = { ...grid, upstreamTaskId, state: null, progress: 100, videoUrls: [] };
  if (link === null)
    return { ...own, status: 'FAILURE', failReason: NOT_THERE, imageUrl: null, imageUrls: [], buttons: [] };
  return { ...own, status: 'SUCCESS', imageUrl: link, imageUrls: [link], buttons: buttonsOfPicked(grid) };
}

const NOT_THERE = 'This picture of the grid is not there';
