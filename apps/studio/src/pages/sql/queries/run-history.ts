import type { Parameters } from '../../../api/questions.ts';
import { readParameters } from './own-queries.ts';
import { storedList } from './stored-list.ts';

/** A run of the past. */
export interface PastRun {
  /** ISO 8601 */
  at: string;
  /** Name of the question that it was; null: SQL of the reader's own. */
  question: string | null;
  sql: string;
  parameters: Parameters;
  /** Null: it failed. */
  rows: number | null;
  ms: number;
}

const MOST = 50;
const kept = storedList<PastRun>('journeyman.sql.history', readPastRun, MOST);

/** The last runs of this browser, the newest first. */
export const pastRuns = kept.entries;

function readPastRun(stored: unknown): PastRun | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { at, question, sql, parameters, rows, ms } = stored as Record<string, unknown>;
  if (typeof at !== 'string' || typeof sql !== 'string') return null;
  return {
    at,
    question: typeof question === 'string' ? question : null,
    sql,
    parameters: readParameters(parameters),
    rows: typeof rows === 'number' ? rows : null,
    ms: typeof ms === 'number' ? ms : 0,
  };
}

/** Notes a run; the same query with the same values again takes the place of its last run. */
export function noteRun(run: PastRun): void {
  const same = ({ question, sql, parameters }: PastRun): string => JSON.stringify([question, sql, parameters]);
  kept.change([run, ...kept.entries.value.filter((past) => same(past) !== same(run))]);
}

/** Forgets all runs. */
export function clearRuns(): void {
  kept.change([]);
}
