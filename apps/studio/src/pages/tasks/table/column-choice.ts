import { signal } from '@preact/signals';
import { readPreference, writePreference } from '../../../app/stored-preference.ts';
import { COLUMNS, type Column, type ColumnName } from './columns.tsx';

const NAME = 'journeyman.tasks.columns';
const USUAL = COLUMNS.filter(({ isUsual }) => isUsual === true).map(({ name }) => name);

/** Reads a kept choice; null: there is none, or it names no column that still exists. */
export function parseChoice(kept: string | null): ColumnName[] | null {
  const names = (kept ?? '').split(',');
  const known = COLUMNS.filter(({ name }) => names.includes(name)).map(({ name }) => name);
  return known.length === 0 ? null : known;
}

const chosen = signal<readonly ColumnName[]>(parseChoice(readPreference(NAME)) ?? USUAL);

/** The columns that are shown, in their order; the browser keeps the choice. */
export function chosenColumns(): readonly Column[] {
  return COLUMNS.filter(({ name }) => chosen.value.includes(name));
}

/** Shows or hides a column. The last one stays. */
export function toggleColumn(name: ColumnName): void {
  const next = chosen.value.includes(name) ? chosen.value.filter((other) => other !== name) : [...chosen.value, name];
  if (next.length === 0) return;
  chosen.value = next;
  writePreference(NAME, next.join(','));
}

/** Shows the columns that are usual again. */
export function resetColumns(): void {
  chosen.value = USUAL;
  writePreference(NAME, null);
}
