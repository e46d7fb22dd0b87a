/** The code of a system error (`ENOENT`); "" for anything else. By shape: errors of `node:fs` may be of another realm. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
