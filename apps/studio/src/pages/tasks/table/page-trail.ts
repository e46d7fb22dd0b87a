/** The cursors of the pages before the one that is shown, from the newest page on; "" is the first page's. */
export type PageTrail = readonly string[];

const NAME = 'journeyman.tasks.trail';

/** Where the pages of a list have been left, so that a reload and the browser's "back" keep the way to newer pages. */
export interface StoredTrail {
  /** The filters that the cursors belong to. */
  of: string;
  /** Every page that was opened, in order. */
  cursors: readonly string[];
}

/** The trail to a page: what was opened before it; null: the way to it is not known, as behind a shared link. */
export function trailTo(cursor: string, filters: string, stored: StoredTrail | null): PageTrail | null {
  if (cursor === '') return [];
  if (stored === null || stored.of !== filters) return null;
  const at = stored.cursors.indexOf(cursor);
  return at === -1 ? null : stored.cursors.slice(0, at);
}

/** The trail with a further page behind the one that is shown. */
export function extendTrail(filters: string, before: PageTrail, shown: string, next: string): StoredTrail {
  return { of: filters, cursors: [...before, shown, next] };
}

/** Reads the trail of this tab. */
export function readTrail(): StoredTrail | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(NAME) ?? 'null');
    return isTrail(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps the trail for this tab. */
export function writeTrail(trail: StoredTrail): void {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(trail));
  } catch {
    // A browser that keeps nothing has "newest" instead of "newer".
  }
}

function isTrail(kept: unknown): kept is StoredTrail {
  if (typeof kept !== 'object' || kept === null) return false;
  const { of, cursors } = kept as Partial<Record<keyof StoredTrail, unknown>>;
  return typeof of === 'string' && Array.isArray(cursors) && cursors.every((cursor) => typeof cursor === 'string');
}
