import type { Parameters } from '../../../api/questions.ts';
import { storedList } from './stored-list.ts';

/** A query that the reader saved in this browser. */
export interface OwnQuery {
  id: string;
  name: string;
  sql: string;
  parameters: Parameters;
  /** ISO 8601 */
  changedAt: string;
}

const MOST = 500;
const FORMAT = 'journeyman-queries';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const kept = storedList<OwnQuery>('journeyman.sql.own', readOwnQuery, MOST);

/** Queries of the reader's own, by name. */
export const ownQueries = kept.entries;

function readOwnQuery(stored: unknown): OwnQuery | null {
  if (!isRecord(stored)) return null;
  const { id, name, sql, parameters, changedAt } = stored;
  if (typeof name !== 'string' || typeof sql !== 'string' || name.trim() === '' || sql.trim() === '') return null;
  return {
    id: typeof id === 'string' && id !== '' ? id : newId(),
    name: name.trim(),
    sql,
    parameters: readParameters(parameters),
    changedAt: typeof changedAt === 'string' ? changedAt : new Date().toISOString(),
  };
}

/** Values of parameters out of something that was stored. */
export function readParameters(stored: unknown): Parameters {
  if (!isRecord(stored)) return {};
  return Object.fromEntries(
    Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function newId(): string {
  return Math.random().toString(36).slice(2, 10);
}

function put(queries: readonly OwnQuery[]): void {
  kept.change([...queries].sort((one, other) => one.name.localeCompare(other.name)));
}

/** Saves a query under a name: over the one with this id, or as a new one. @returns it */
export function saveQuery(
  { name, sql, parameters }: Pick<OwnQuery, 'name' | 'sql' | 'parameters'>,
  id: string | null,
): OwnQuery {
  const saved: OwnQuery = {
    id: id ?? newId(),
    name: name.trim(),
    sql,
    parameters,
    changedAt: new Date().toISOString(),
  };
  put([...kept.entries.value.filter((query) => query.id !== saved.id), saved]);
  return saved;
}

/** Gives a saved query another name. */
export function renameQuery(id: string, name: string): void {
  put(kept.entries.value.map((query) => (query.id === id ? { ...query, name: name.trim() } : query)));
}

/** Forgets a saved query. @returns what brings it back */
export function deleteQuery(id: string): () => void {
  const before = kept.entries.value.find((query) => query.id === id);
  put(kept.entries.value.filter((query) => query.id !== id));
  return () => before !== undefined && put([...kept.entries.value.filter((query) => query.id !== id), before]);
}

/** All saved queries as a file for another browser. */
export function exportQueries(): string {
  return JSON.stringify({ format: FORMAT, version: 1, queries: kept.entries.value }, null, 2);
}

/** Takes in the queries of such a file; one that is here already, by name and text, is not doubled. @returns how many came; null: it is no such file */
export function importQueries(text: string): number | null {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(file) || file['format'] !== FORMAT || !Array.isArray(file['queries'])) return null;
  const here = kept.entries.value;
  const taken = new Set(here.map(({ id }) => id));
  const come = file['queries']
    .map(readOwnQuery)
    .filter((query): query is OwnQuery => query !== null)
    .filter(({ name, sql }) => !here.some((known) => known.name === name && known.sql === sql))
    .map((query) => (taken.has(query.id) ? { ...query, id: newId() } : query));
  put([...here, ...come]);
  return come.length;
}
