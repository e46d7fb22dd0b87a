import type { Parameters } from '../../../api/questions.ts';

/** Presets of the range: how far back from now, in hours. */
export const RANGES = { '1h': 1, '6h': 6, '24h': 24, '7d': 168, '30d': 720, '90d': 2_160 } as const;
export type Range = keyof typeof RANGES;
const USUAL: Range = '24h';
const HOUR_MS = 3_600_000;

/** What the charts of history are about. */
export interface HistoryFilters {
  /** `custom`: `from` and `to` count. */
  range: Range | 'custom';
  /** ISO 8601; '' : not given. */
  from: string;
  to: string;
  /** Names of schema report; '' : all. */
  key: string;
  upstream: string;
}

/** The filters that an address names; what it names wrongly is as if left out. */
export function historyFiltersOf(query: URLSearchParams): HistoryFilters {
  const named = query.get('range') ?? '';
  const [from, to] = [timeOf(query.get('from')), timeOf(query.get('to'))];
  const range = isRange(named) ? named : from === '' ? USUAL : 'custom';
  const isCustom = range === 'custom';
  return {
    range,
    from: isCustom ? from : '',
    to: isCustom ? to : '',
    key: query.get('key') ?? '',
    upstream: query.get('upstream') ?? '',
  };
}

/** The same as a query of the address, without what is usual. */
export function queryOfHistory({ range, from, to, key, upstream }: HistoryFilters): string {
  const query = new URLSearchParams();
  if (range !== 'custom' && range !== USUAL) query.set('range', range);
  for (const [name, value] of Object.entries({ from, to, key, upstream })) if (value !== '') query.set(name, value);
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** The range as parameters of a question; a preset is counted back from `now`. @param now ms since the epoch */
export function spanOf({ range, from, to }: HistoryFilters, now: number): Parameters {
  if (range !== 'custom') return { from: new Date(now - RANGES[range] * HOUR_MS).toISOString() };
  return { from, ...(to === '' ? {} : { to }) };
}

/** Key and upstream as parameters, of those that a question takes. */
export function placeOf({ key, upstream }: HistoryFilters, taken: readonly ('key' | 'upstream')[]): Parameters {
  const given = { key, upstream };
  return Object.fromEntries(taken.map((name) => [name, given[name] === '' ? null : given[name]]));
}

export function isRange(text: string): text is Range {
  return Object.hasOwn(RANGES, text);
}

function timeOf(text: string | null): string {
  const at = new Date(text ?? '');
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
