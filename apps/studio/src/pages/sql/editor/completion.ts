import type { Completion } from '@codemirror/autocomplete';
import type { Schemas } from '../../../api/client.ts';
import { KEYWORDS } from './keywords.ts';

/** A view of schema `report`, or a function that gives rows. */
export type View = Schemas['DictionaryViewDto'];

/** What can be written at a place. @see suggest */
export interface Suggestion {
  /** Where the word begins that is replaced. */
  from: number;
  options: Completion[];
}

/** Functions of Postgres that reports are made of, with what they take. */
const FUNCTIONS: readonly [string, string][] = [
  ['avg', '(number)'],
  ['bool_or', '(boolean)'],
  ['coalesce', '(a, b, …)'],
  ['count', '(*)'],
  ['date_bin', '(interval, time, origin)'],
  ['date_trunc', "('hour', time)"],
  ['dense_rank', '() over (…)'],
  ['extract', '(epoch from time)'],
  ['first_value', '(column) over (…)'],
  ['generate_series', '(from, to, step)'],
  ['greatest', '(a, b, …)'],
  ['lag', '(column) over (…)'],
  ['lead', '(column) over (…)'],
  ['least', '(a, b, …)'],
  ['left', '(text, n)'],
  ['length', '(text)'],
  ['lower', '(text)'],
  ['max', '(column)'],
  ['min', '(column)'],
  ['now', '()'],
  ['nullif', '(a, b)'],
  ['percentile_cont', '(0.95) within group (order by …)'],
  ['rank', '() over (…)'],
  ['regexp_replace', '(text, pattern, by)'],
  ['round', '(numeric, digits)'],
  ['row_number', '() over (…)'],
  ['split_part', '(text, by, n)'],
  ['string_agg', '(text, by)'],
  ['sum', '(number)'],
  ['to_char', "(time, 'YYYY-MM-DD')"],
  ['upper', '(text)'],
];

/** Above the keywords, which have none. */
const BOOST = { column: 20, view: 10, function: 5 } as const;
const WORDS: readonly Completion[] = KEYWORDS.split(' ').map((label) => ({ label, type: 'keyword' }));
const WORD = /[\w$]*$/;
const AFTER_DOT = /([\w$]+)\.[\w$]*$/;
const AFTER_COLON = /(?:^|[^:\w]):\w*$/;
/** `from report.tasks t`, `join tasks as t`, `, tasks` */
const SOURCES = /\b(?:from|join)\s+|,\s*/gi;
const SOURCE = /^(?:report\.)?([a-z_]\w*)(?:\s*\([^)]*\))?(?:\s+(?:as\s+)?([a-z_]\w*))?/i;
const NO_ALIAS =
  /^(?:where|group|order|left|right|inner|full|cross|join|on|using|limit|union|having|natural|lateral|as)$/i;

/** The name of a view or a function, without what it takes. */
export function bareName(name: string): string {
  return name.replace(/^report\./, '').replace(/\s*\(.*$/s, '');
}

/** Views that a query reads, by the names that stand for them in it. */
export function sourcesOf(sql: string, views: readonly View[]): Map<string, View> {
  const known = new Map(views.map((view) => [bareName(view.name), view]));
  const sources = new Map<string, View>();
  for (const match of sql.matchAll(SOURCES)) {
    const [, name = '', alias] = SOURCE.exec(sql.slice(match.index + match[0].length)) ?? [];
    const view = known.get(name.toLowerCase());
    if (view === undefined) continue;
    sources.set(name.toLowerCase(), view);
    if (alias !== undefined && !NO_ALIAS.test(alias)) sources.set(alias.toLowerCase(), view);
  }
  return sources;
}

/**
 * What can be written at a place of a query: columns behind the name of a view or its alias, views behind `report.`, parameters
 * behind a colon; elsewhere the columns of the views that the query reads, views and functions. Null: nothing by itself.
 *
 * @param before the text up to the place
 * @param isAsked whether it was asked for, rather than typed into
 */
export function suggest(
  before: string,
  sql: string,
  { views, parameters, isAsked }: { views: readonly View[]; parameters: readonly string[]; isAsked: boolean },
): Suggestion | null {
  const from = before.length - (WORD.exec(before)?.[0].length ?? 0);
  if (AFTER_COLON.test(before)) return { from, options: parameters.map((label) => ({ label, type: 'variable' })) };
  const owner = AFTER_DOT.exec(before)?.[1]?.toLowerCase();
  if (owner === 'report') return { from, options: views.map(viewOption) };
  const sources = sourcesOf(sql, views);
  if (owner !== undefined) {
    const view = sources.get(owner);
    return view === undefined ? null : { from, options: view.columns.map(columnOption) };
  }
  if (from === before.length && !isAsked) return null;
  const columns = new Map<string, Completion>();
  for (const view of new Set(sources.values())) {
    for (const column of view.columns) if (!columns.has(column.name)) columns.set(column.name, columnOption(column));
  }
  return { from, options: [...columns.values(), ...views.map(viewOption), ...FUNCTIONS.map(functionOption), ...WORDS] };
}

function viewOption({ name, comment }: View): Completion {
  const isFunction = name.includes('(');
  return { label: bareName(name), type: isFunction ? 'function' : 'class', info: comment, boost: BOOST.view };
}

function columnOption({ name, type, comment }: View['columns'][number]): Completion {
  return {
    label: name,
    type: 'property',
    detail: type,
    boost: BOOST.column,
    ...(comment === '' ? {} : { info: comment }),
  };
}

function functionOption([label, detail]: readonly [string, string]): Completion {
  return { label, type: 'function', detail, boost: BOOST.function };
}
