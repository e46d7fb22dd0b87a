/** A route as it was registered. */
export interface KnownRoute {
  method: string;
  /** With `:name` for a part that varies, and `*` for any rest. */
  path: string;
  /** True: no key is asked for. */
  isPublic: boolean;
  /** True: the key of the admin is asked for. */
  isAdmin: boolean;
}

/** Answered on every path, by the CORS plugin. */
const EVERYWHERE = 'OPTIONS';

/** Every registered route of the server, and the methods that a path would have. */
export class RouteTable {
  private readonly routes: KnownRoute[] = [];

  add(route: KnownRoute): void {
    if (route.method !== EVERYWHERE) this.routes.push(route);
  }

  all(): readonly KnownRoute[] {
    return this.routes;
  }

  /**
   * The methods that a path has, as `Allow` lists them; null when there is no such path under any method.
   * @param url path and query of a request
   * @param hasAdmin false: as if the admin API were not there
   */
  allowedOn(url: string, hasAdmin = true): string | null {
    const parts = decoded(url.split(/[?#]/, 1)[0] ?? '').split('/');
    const methods = this.routes
      .filter(({ path, isAdmin }) => (hasAdmin || !isAdmin) && fits(path.split('/'), parts))
      .map(({ method }) => method);
    return methods.length === 0 ? null : [...new Set(methods), EVERYWHERE].sort().join(', ');
  }
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '*';
  if (isOpen ? parts.length < pattern.length : parts.length !== pattern.length) return false;
  return pattern.every((wanted, at) => {
    const part = parts[at] ?? '';
    return wanted === '*' || (wanted.startsWith(':') ? part !== '' : part === wanted);
  });
}
