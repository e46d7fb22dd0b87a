/** Values that the filters offer; the gateway refuses others. */
export const STATUSES = ['NOT_START', 'MODAL', 'SUBMITTED', 'IN_PROGRESS', 'SUCCESS', 'FAILURE', 'CANCEL'] as const;
export const FAILURE_KINDS = [
  'upstream_failed',
  'timeout',
  'missing',
  'outcome_unknown',
  'queue_timeout',
  'input_unavailable',
  'refused',
  'banned',
  'cancelled',
  'admin',
] as const;

/** Which tasks the table shows; all that is set must hold. An empty list or text: anything. */
export interface TaskFilters {
  status: readonly string[];
  action: readonly string[];
  mode: readonly string[];
  failureKind: readonly string[];
  keyId: string;
  upstreamId: string;
  /** A preset of time-range.ts; `from` and `to` count only where it is empty. */
  time: string;
  /** ISO 8601. */
  from: string;
  to: string;
  /** Part of the prompt, or exactly an id, a state or a request id. */
  q: string;
  state: string;
  parentId: string;
  /** Tasks that were declined before any work. Empty: they are left out unless `failureKind` asks for them. */
  refused: '' | 'true' | 'false';
}

export type ListFilter = 'status' | 'action' | 'mode' | 'failureKind';
export type TextFilter = Exclude<keyof TaskFilters, ListFilter>;

const LISTS: readonly ListFilter[] = ['status', 'action', 'mode', 'failureKind'];
const TEXTS: readonly TextFilter[] = ['keyId', 'upstreamId', 'time', 'from', 'to', 'q', 'state', 'parentId', 'refused'];

export const NO_FILTERS: TaskFilters = {
  status: [],
  action: [],
  mode: [],
  failureKind: [],
  keyId: '',
  upstreamId: '',
  time: '',
  from: '',
  to: '',
  q: '',
  state: '',
  parentId: '',
  refused: '',
};

/** Reads the filters of a page's address. What is no filter is left alone. */
export function filtersOf(query: URLSearchParams): TaskFilters {
  const text = (name: TextFilter): string => query.get(name) ?? '';
  const list = (name: ListFilter): string[] => (query.get(name) ?? '').split(',').filter((word) => word !== '');
  const refused = text('refused');
  return {
    status: list('status'),
    action: list('action'),
    mode: list('mode'),
    failureKind: list('failureKind'),
    keyId: text('keyId'),
    upstreamId: text('upstreamId'),
    time: text('time'),
    from: text('from'),
    to: text('to'),
    q: text('q'),
    state: text('state'),
    parentId: text('parentId'),
    refused: refused === 'true' || refused === 'false' ? refused : '',
  };
}

/** The filters as the page's address holds them; nothing stands for a filter that is not set. */
export function queryOf(filters: TaskFilters): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of LISTS) if (filters[name].length > 0) query.set(name, filters[name].join(','));
  for (const name of TEXTS) if (filters[name] !== '') query.set(name, filters[name]);
  return query;
}

/** Whether nothing is filtered. */
export function isUnfiltered(filters: TaskFilters): boolean {
  return queryOf(filters).size === 0;
}
