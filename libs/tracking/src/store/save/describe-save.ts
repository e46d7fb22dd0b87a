import { snakeCase } from '#libs/database';
import type { Change, TaskFields } from '../../task/change.js';
import { nextPollAt } from '../fragments/polls.js';
import { plainArray, timeArray } from '../sql-array.js';

/** What a change may have to be saved together with, besides the row, its polls, its events and its delivery. */
export type SaveEffect = 'refund' | 'freesSlot' | 'uncounts' | 'assets' | 'endedSend' | 'dropsInput';

/** Types of the columns that a lean statement may write, as Postgres and its arrays have them. */
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

/** Texts that an upstream teaches; a lean statement writes those that a change touched, and never null. */
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
 * What a lean statement saves of a change; its text, its parameters and whether it may be chosen follow from this. The
 * statement for all changes (full.ts) saves everything, so a change that touches more falls back to that one.
 */
export interface SaveDescription {
  /** The columns that it writes. */
  columns: readonly LeanColumn[];
  /** Whether it writes LEARNED_COLUMNS too. */
  learns: boolean;
  /** Effects that it always has: a change without them needs another statement, as does one with any other effect. */
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

const EFFECTS = ['refund', 'freesSlot', 'uncounts', 'assets', 'endedSend', 'dropsInput'] as const;

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

/** The columns' assignments from the relation `c`; a task that was hinted at since it was read is polled now. */
export function assignments({ columns }: SaveDescription): string {
  return columns
    .map((field) => snakeCase(field))
    .map((column) => `${column} = ${column === 'next_poll_at' ? HINTED_POLL : `c.${column}`}`)
    .join(', ');
}

const HINTED_POLL = nextPollAt('c.is_hinted');

/** An array for each column, as a parameter of the column's field. */
export type ColumnValues<Column extends LeanColumn> = Record<Column, string | readonly (string | null)[]>;

/** Parameters and names of the columns, as `unnest` takes them. */
export function columnArrays({ columns }: SaveDescription): { types: string; names: string } {
  return {
    types: columns.map((field) => `:${field}::${COLUMN_TYPES[field]}[]`).join(', '),
    names: columns.map((field) => snakeCase(field)).join(', '),
  };
}

/** The columns' values: an array for each of them, an item for each change. */
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
      // An upstream's word: the driver escapes it.
      return changes.map(({ task }) => task[field]);
    case 'status':
    case 'progress':
    case 'quietPolls':
      return plainArray(changes.map(({ task }) => task[field]));
  }
}

/** What a change has learned, by field; null: nothing. */
export function learnedOf({ task, touched }: Change): object | null {
  let learned: Record<string, unknown> | null = null;
  for (const field of LEARNED_COLUMNS) if (touched.has(field)) (learned ??= {})[field] = task[field];
  return learned;
}

/** Assignments of what was learned, from the jsonb `c.learned`. */
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
