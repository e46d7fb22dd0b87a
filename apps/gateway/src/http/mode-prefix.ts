import type { TaskMode } from '#libs/wire';

/** A path as it is routed, and the mode its prefix asked for. */
export interface RoutedPath {
  path: string;
  mode: TaskMode | null;
}

const PREFIX = /^\/(?:mj-)?(fast|relax|turbo)(?=\/mj(?:\/|\?|$))/;
const MODES: Record<string, TaskMode> = { fast: 'FAST', relax: 'RELAX', turbo: 'TURBO' };

/** `/mj-fast/mj/…` and `/fast/mj/…` are `/mj/…` in that mode; every other path is itself. */
export function routePath(url: string): RoutedPath {
  const found = PREFIX.exec(url);
  if (found === null) return { path: url, mode: null };
  return { path: url.slice(found[0].length), mode: MODES[found[1] ?? ''] ?? null };
}
