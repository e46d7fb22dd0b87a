import { snakeCase } from '#libs/database';
import type { Change, TaskFields } from '../../task/change.js';
import { nextPollAt } from '../fragments/polls.js';
import { plainArray, timeArray } from '../sql-array.js';

/** Effects that a change may have beside the row, its polls, its events and its delivery. */
const EFFECTS = ['refund', 'freesSlot', 'uncounts', 'assets', 'endedSend', 'dropsInput'] as const;

export type SaveEffect = (typeof EFFECTS)[number];

/** Postgres types of the columns that a lean statement may write. */
const COLUMN_TYPES = {
  status: 'text',
  progress: 'smallint',
  startedAt: 'timestamptz',
  polledAt: 'timestamptz',
  missingSince: 'timestamptz',
  quietPolls: 'smallint',
  nextPollAt: 'timestamptz',
  deadlineAt: 'timestamptz',
  lookUpAt: 'timestamptz',
  upstreamTaskId: 'text',
} as const satisfies Partial<Record<keyof TaskFields, string>>;

export type LeanColumn = keyof typeof COLUMN_TYPES;

/** Fields learned from snapshots; a lean statement writes the ones that a change touched, and never null. */
export const LEARNED_COLUMNS = [
  'promptEn',
  'finalPrompt',
  'finalZhPrompt',
  'imageUrl',
  'messageId',
  'messageHash',
  'seed',
] as const satisfies readonly (keyof TaskFields)[];

/**
 * The part of a change that a lean statement saves; the text of the statement, its parameters and the check `covers`
 * are derived from this description. A change that touches more is saved by the statement for all changes (full.ts).
 */
export interface SaveDescription {
  /** The columns that the statement writes. */
  columns: readonly LeanColumn[];
  /** Whether the statement writes LEARNED_COLUMNS too. */
  learns: boolean;
  /**
   * Effects that the statement always applies: a change without them, or with any other effect, needs another
   * statement.
   */
  effects: readonly SaveEffect[];
  /** How many events a change may have, and whether the statement writes their details. */
  events: { least: number; most: number; withDetail: boolean };
}

/** Whether a statement of this description saves the whole change. */
export function covers(description: SaveDescription, change: Change): boolean {
  const { columns, learns, effects, events } = description;
  for (const field of change.touched) {
    const isLearned = learns && isIn(LEARNED_COLUMNS, field) && change.task[field] !== null;
    if (!isLearned && !isIn(columns, field)) return false;
  }
  const { timeline } = change;
  if (timeline.length < events.least || timeline.length > events.most) return false;
  if (!events.withDetail && timeline.some(({ detail }) => !isEmpty(detail))) return false;
  return EFFECTS.every((effect) => hasEffect(change, effect) === effects.includes(effect));
}

function hasEffect(change: Change, effect: SaveEffect): boolean {
  switch (effect) {
    case 'refund':
      return Number(change.refund) !== 0;
    case 'freesSlot':
      return change.freesSlotOf !== null;
    case 'uncounts':
      return change.uncounts;
    case 'assets':
      return change.assets.length > 0;
    case 'endedSend':
      return change.endedSend !== null;
    case 'dropsInput':
      return change.dropsInput;
  }
}

/** SQL assignments of the columns from the relation `c`; a task with a push since it was read is polled now. */
export function assignments({ columns }: SaveDescription): string {
  return columns
    .map((field) => snakeCase(field))
    .map((column) => `${column} = ${column === 'next_poll_at' ? HINTED_POLL : `c.${column}`}`)
    .join(', ');
}

const HINTED_POLL = nextPollAt('c.is_hinted');

/** One array parameter for each column, named after its field. */
export type ColumnValues<Column extends LeanColumn> = Record<Column, string | readonly (string | null)[]>;

/** Parameters and names of the columns for `unnest`. */
export function columnArrays({ columns }: SaveDescription): { types: string; names: string } {
  return {
    types: columns.map((field) => `:${field}::${COLUMN_TYPES[field]}[]`).join(', '),
    names: columns.map((field) => snakeCase(field)).join(', '),
  };
}

/** Values of the columns: one array per column, one item per change. */
export function columnValues<Column extends LeanColumn>(
  columns: readonly Column[],
  changes: readonly Change[],
): ColumnValues<Column> {
  return Object.fromEntries(columns.map((field) => [field, valuesOfColumn(field, changes)])) as ColumnValues<Column>;
}

function valuesOfColumn(field: LeanColumn, changes: readonly Change[]): string | readonly (string | null)[] {
  switch (field) {
    case 'startedAt':
    case 'polledAt':
    case 'missingSince':
    case 'nextPollAt':
    case 'deadlineAt':
    case 'lookUpAt':
      return timeArray(changes.map(({ task }) => task[field]));
    case 'upstreamTaskId':
      // Texts from an upstream are passed as items that the driver escapes.
      return changes.map(({ task }) => task[field]);
    case 'status':
    case 'progress':
    case 'quietPolls':
      return plainArray(changes.map(({ task }) => task[field]));
  }
}

/** The learned fields of a change; null if there are none. */
export function learnedOf({ task, touched }: Change): object | null {
  let learned: Record<string, unknown> | null = null;
  for (const field of LEARNED_COLUMNS) if (touched.has(field)) (learned ??= {})[field] = task[field];
  return learned;
}

/** SQL assignments of the learned fields, from the jsonb `c.learned`. */
export const LEARNED_ASSIGNMENTS = LEARNED_COLUMNS.map((field) => {
  const column = snakeCase(field);
  return `${column} = coalesce(c.learned ->> '${field}', t.${column})`;
}).join(', ');

function isIn<T extends string>(list: readonly T[], item: string): item is T {
  return (list as readonly string[]).includes(item);
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
