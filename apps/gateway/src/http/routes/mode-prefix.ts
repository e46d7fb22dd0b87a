import type { TaskMode } from '#libs/wire';

/** A path as it is routed, and the mode its prefix asked for. */
export interface RoutedPath {
  path: string;
  mode: TaskMode | null;
}

/** Path prefixes before `mj`. */
const BEFORE_MJ = /^\/+(?:(?:mj-)?(fast|relax|turbo)\/+)?(?=mj(?:[/?#]|$))/;
const MODES: Record<string, TaskMode> = { fast: 'FAST', relax: 'RELAX', turbo: 'TURBO' };

/**
 * Takes the mode prefix off a path: `/mj-fast/mj/…` and `/fast/mj/…` are `/mj/…` in that mode. Clients join base URLs and paths
 * with too many slashes, so several slashes before `mj`, and one at the end of a path, are ignored. Any other path stays.
 */
export function routePath(url: string): RoutedPath {
  const found = BEFORE_MJ.exec(url);
  if (found === null) return { path: url, mode: null };
  const [before, prefix = ''] = found;
  const path = before === '/' ? url : `/${url.slice(before.length)}`;
  return { path: withoutSlash(path), mode: MODES[prefix] ?? null };
}

/** The URL without one slash at the end of its path. */
function withoutSlash(url: string): string {
  const query = url.search(/[?#]/);
  const end = query < 0 ? url.length : query;
  return url[end - 1] === '/' ? url.slice(0, end - 1) + url.slice(end) : url;
}
