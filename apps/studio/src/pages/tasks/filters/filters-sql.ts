import type { TaskFilters } from './task-filters.ts';
import { isTimePreset, TIME_PRESETS } from './time-range.ts';

/** Names under which schema `report` knows the chosen key and upstream; null: not known. */
export interface ReportNames {
  key: string | null;
  upstream: string | null;
}

/** The tasks of some filters as SQL over schema `report`. */
export interface FiltersSql {
  list: string;
  count: string;
  /** False: something was asked for that the schema does not show, so that the SQL speaks of more tasks. */
  isExact: boolean;
}

const LIST_COLUMNS = `select task_id, submitted_at, api_key, action, mode, status, progress_pct, upstream,
  queue_seconds, run_seconds, net_amount, fail_code`;
const LIST_ROWS = 100;
const NOT_SHOWN = '-- Prompts and request ids are in no view of this schema: the search for a text is left out here.\n';

/** Writes the filters as SQL; every value of the reader is quoted. */
export function filtersSql(filters: TaskFilters, names: ReportNames): FiltersSql {
  const { q, upstreamId, keyId } = filters;
  const isId = /^\d{1,18}$/.test(q);
  const conditions = [
    ...statusConditions(filters),
    ...oneOf('action', filters.action),
    ...oneOf('mode', filters.mode),
    ...oneOf('fail_code', filters.failureKind),
    ...(keyId === '' ? [] : [`api_key = ${quoted(names.key ?? `#${keyId}`)}`]),
    ...(upstreamId === '' ? [] : [`upstream = ${quoted(names.upstream ?? `#${upstreamId}`)}`]),
    ...timeConditions(filters),
    ...(filters.state === '' ? [] : [`client_state = ${quoted(filters.state)}`]),
    ...(/^\d{1,18}$/.test(filters.parentId) ? [`parent_task_id = ${filters.parentId}`] : []),
    ...(isId ? [`(task_id = ${q} or client_state = ${quoted(q)})`] : []),
  ];
  const where = conditions.length === 0 ? '' : `\nwhere ${conditions.join('\n  and ')}`;
  const isExact = q === '' || isId;
  const note = isExact ? '' : NOT_SHOWN;
  return {
    list: `${note}${LIST_COLUMNS}\nfrom report.tasks${where}\norder by submitted_at desc, task_id desc limit ${LIST_ROWS};`,
    count: `${note}select count(*) as tasks, sum(net_amount) as spend\nfrom report.tasks${where};`,
    isExact,
  };
}

/** The schema gives declined tasks a status of their own, where the admin API says FAILURE and `refused`. */
function statusConditions({ status, refused, failureKind }: TaskFilters): string[] {
  const asksForRefused = failureKind.includes('refused') || failureKind.includes('banned');
  if (refused === 'true') {
    return status.length > 0 && !status.includes('FAILURE') ? ['false'] : ["status = 'REFUSED'"];
  }
  if (refused === '' && asksForRefused) {
    return oneOf('status', status.includes('FAILURE') ? [...status, 'REFUSED'] : status);
  }
  return status.length === 0 ? ["status <> 'REFUSED'"] : oneOf('status', status);
}

function timeConditions({ time, from, to }: TaskFilters): string[] {
  if (isTimePreset(time)) return [`submitted_at >= now() - interval '${TIME_PRESETS[time]} hours'`];
  return [
    ...(from === '' ? [] : [`submitted_at >= timestamptz ${quoted(from)}`]),
    ...(to === '' ? [] : [`submitted_at < timestamptz ${quoted(to)}`]),
  ];
}

function oneOf(column: string, values: readonly string[]): string[] {
  const [first] = values;
  if (first === undefined) return [];
  return [values.length === 1 ? `${column} = ${quoted(first)}` : `${column} in (${values.map(quoted).join(', ')})`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
