import { signal, type ReadonlySignal } from '@preact/signals';
import { readPreference, writePreference } from '../../../app/stored-preference.ts';

/** A list that the browser keeps; what is stored there and cannot be read is left out. */
export interface StoredList<Entry> {
  entries: ReadonlySignal<readonly Entry[]>;
  change(to: readonly Entry[]): void;
}

/**
 * Opens such a list. Another tab's changes are seen when the page is opened again.
 *
 * @param read an entry from what was stored, or null where it is none
 * @param most entries that are kept; the last ones go
 */
export function storedList<Entry>(
  name: string,
  read: (stored: unknown) => Entry | null,
  most: number,
): StoredList<Entry> {
  const entries = signal<readonly Entry[]>(readEntries(readPreference(name), read).slice(0, most));
  return {
    entries,
    change(to) {
      entries.value = to.slice(0, most);
      writePreference(name, entries.value.length === 0 ? null : JSON.stringify(entries.value));
    },
  };
}

/** Entries of a JSON list; none where the text is none. */
export function readEntries<Entry>(text: string | null, read: (stored: unknown) => Entry | null): Entry[] {
  if (text === null) return [];
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return [];
  }
  return Array.isArray(stored) ? stored.map(read).filter((entry): entry is Entry & {} => entry !== null) : [];
}
