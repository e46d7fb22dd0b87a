import type { EventKind } from '../../task/event-kinds.js';

/** SQL of the parts of an event. `source` is an expression: a literal in quotes, a parameter, or a column. */
interface EventParts {
  /** A kind in quotes, or the column `kind`. */
  kind: `'${EventKind}'` | 'kind';
  source: string;
  /** Expression of type jsonb; an empty object unless given. */
  detail?: string;
  /** Condition for the rows that get an event; all unless given. */
  where?: string;
}

/**
 * SQL that writes one event, a line of the task's timeline, for each row of `from`, which has (id, version, status,
 * progress).
 */
export function recordEvents(from: string, { kind, source, detail, where }: EventParts): string {
  const [column, value] = detail === undefined ? ['', ''] : [', detail', `, ${detail}`];
  return `insert into task_event (task_id, version, kind, source, status, progress${column})
      select id, version, ${kind}, ${source}, status, progress${value} from ${from}${where === undefined ? '' : ` where ${where}`}`;
}
