/** A preference kept by the browser; null where there is none, or where the browser keeps nothing for this page. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a preference; null removes it. A browser that keeps nothing (private mode, quota) changes nothing for this visit. */
export function writePreference(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Nothing else depends on it.
  }
}
