import type { Failure } from '../api/failure.ts';
import { strings } from './strings.ts';

/** A sentence about a failed call in the reader's language, with the gateway's own words where it has some. */
export function failureText(failure: Failure): string {
  const { failed } = strings.value;
  if (failure.kind === 'offline') return failed.offline;
  if (failure.name === 'database_unavailable') return failed.database;
  if (failure.name === 'overloaded') return failed.overloaded;
  if (failure.status === 429) return failure.detail || failed.tooMany;
  if (failure.status === 404) return failure.detail || failed.notFound;
  if (failure.status === 403) return failure.detail || failed.forbidden;
  const fields = failure.errors.map(({ field, message }) => (message === '' ? field : `${field}: ${message}`));
  const said = [failure.detail || failure.name, ...fields].filter((text) => text !== '');
  return [...new Set(said)].join(' · ') || failed.other;
}
