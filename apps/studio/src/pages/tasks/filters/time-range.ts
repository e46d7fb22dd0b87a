import { queryOf, type TaskFilters } from './task-filters.ts';

/** Presets of the time range: how far back from now, in hours. */
export const TIME_PRESETS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720, '90d': 2_160 } as const;
export type TimePreset = keyof typeof TIME_PRESETS;

const HOUR_MS = 3_600_000;

export function isTimePreset(text: string): text is TimePreset {
  return text in TIME_PRESETS;
}

/**
 * The filters as GET /admin/tasks takes them. A preset is counted back from `now`, which is why this is asked anew for each
 * reading.
 *
 * @param now ms since the epoch
 */
export function adminQueryOf(filters: TaskFilters, now: number): URLSearchParams {
  const query = queryOf(filters);
  query.delete('time');
  if (!isTimePreset(filters.time)) return query;
  query.set('from', new Date(now - TIME_PRESETS[filters.time] * HOUR_MS).toISOString());
  query.delete('to');
  return query;
}
