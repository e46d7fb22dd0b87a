import type { EventKind } from '../../task/event-kinds.js';

/** SQL of an event's parts. `source` is an expression: a literal in quotes, a parameter, or a column. */
interface EventParts {
  /** A kind in quotes, or the column `kind`. */
  kind: `'${EventKind}'` | 'kind';
  source: string;
  /** jsonb; an empty object unless given. */
  detail?: string;
  /** Which rows of the relation have an event; all unless given. */
  where?: string;
}

/** Writes one event for each row of `from`, which has (id, version, status, progress): a line of the task's timeline. */
export function recordEvents(from: string, { kind, source, detail, where }: EventParts): string {
  const [column, value] = detail === undefined ? ['', ''] : [', detail', `, ${detail}`];
  return `insert into task_event (task_id, version, kind, source, status, progress${column})
      select id, version, ${kind}, ${source}, status, progress${value} from ${from}${where === undefined ? '' : ` where ${where}`}`;
}
