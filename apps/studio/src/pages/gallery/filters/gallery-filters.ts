import type { Task } from '../../../api/client.ts';

/** Spans of time that can be chosen by name, in ms. */
export const SPANS = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const;
export type Span = keyof typeof SPANS;

/** What the gallery is narrowed to; '' = not by this. */
export interface GalleryFilters {
  /** Text in the prompt, or an id. */
  q: string;
  status: string;
  action: string;
  /** Tasks submitted within this span before now. */
  within: Span | '';
  /** Days, as `2026-12-01`, in the reader's time zone; both inclusive. */
  from: string;
  to: string;
  state: string;
}

export const NO_FILTERS: GalleryFilters = { q: '', status: '', action: '', within: '', from: '', to: '', state: '' };
const NAMES = Object.keys(NO_FILTERS) as (keyof GalleryFilters)[];
const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads filters from the page's query; what is no filter, or has no sense, is left out. */
export function readFilters(query: Record<string, string>): GalleryFilters {
  const text = (name: keyof GalleryFilters): string => (query[name] ?? '').trim();
  const day = (name: 'from' | 'to'): string => (DAY.test(text(name)) ? text(name) : '');
  const word = (name: 'status' | 'action'): string => (/^[A-Z_]{1,40}$/.test(text(name)) ? text(name) : '');
  const within = text('within');
  return {
    q: text('q'),
    status: word('status'),
    action: word('action'),
    within: within in SPANS ? (within as Span) : '',
    from: day('from'),
    to: day('to'),
    state: query['state'] ?? '',
  };
}

/** The page's query that holds these filters, with its question mark; '' for none. */
export function filterQuery(filters: GalleryFilters): string {
  const query = new URLSearchParams(NAMES.filter((name) => filters[name] !== '').map((name) => [name, filters[name]]));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

export function countFilters(filters: GalleryFilters): number {
  return NAMES.filter((name) => filters[name] !== '').length;
}

const midnight = (day: string): number => new Date(`${day}T00:00:00`).getTime();

/** From when to when tasks are asked for, ms since the epoch; null: no bound. `to` is exclusive. */
export function timeBounds(
  { within, from, to }: GalleryFilters,
  now: number,
): { from: number | null; to: number | null } {
  if (within !== '') return { from: now - SPANS[within], to: null };
  return { from: from === '' ? null : midnight(from), to: to === '' ? null : midnight(to) + DAY_MS };
}

/** What the list of tasks is asked for. */
export function listQuery(filters: GalleryFilters, now: number): URLSearchParams {
  const query = new URLSearchParams();
  const { from, to } = timeBounds(filters, now);
  for (const name of ['q', 'status', 'action', 'state'] as const) {
    if (filters[name] !== '') query.set(name, filters[name]);
  }
  if (from !== null) query.set('from', String(from));
  if (to !== null) query.set('to', String(to));
  return query;
}

/** Whether a task that came by itself belongs among what is shown. */
export function passes(task: Task, filters: GalleryFilters, now: number): boolean {
  const { from, to } = timeBounds(filters, now);
  const text = filters.q.toLowerCase();
  return (
    (filters.status === '' || task.status === filters.status) &&
    (filters.action === '' || task.action === filters.action) &&
    (filters.state === '' || task.state === filters.state) &&
    (from === null || task.submitTime >= from) &&
    (to === null || task.submitTime < to) &&
    (text === '' || task.id === text || task.prompt.toLowerCase().includes(text))
  );
}
