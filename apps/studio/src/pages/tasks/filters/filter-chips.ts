import { strings as common } from '../../../components/strings.ts';
import { formatTime } from '../../../i18n/format.ts';
import { strings } from '../strings.ts';
import { failureWord, wordOf } from '../../../components/words.ts';
import type { NamedRow } from '../../../api/named-rows.ts';
import type { ListFilter, TaskFilters } from './task-filters.ts';
import { isTimePreset } from './time-range.ts';

/** One filter that is set: its text, and what takes it away. */
export interface FilterChip {
  name: string;
  text: string;
  without: Partial<TaskFilters>;
}

/** What is filtered, in the reader's language: a chip for each value. */
export function chipsOf(filters: TaskFilters, keys: readonly NamedRow[], upstreams: readonly NamedRow[]): FilterChip[] {
  const texts = strings.value;
  const statusText: Record<string, string> = common.value.status;
  const several = (name: ListFilter, label: string, word: (value: string) => string): FilterChip[] =>
    filters[name].map((value) => ({
      name: `${name} ${value}`,
      text: texts.chip(label, word(value)),
      without: { [name]: filters[name].filter((other) => other !== value) },
    }));
  const one = (
    name: 'q' | 'keyId' | 'upstreamId' | 'state' | 'parentId',
    label: string,
    value: string,
  ): FilterChip[] => (filters[name] === '' ? [] : [{ name, text: texts.chip(label, value), without: { [name]: '' } }]);
  const nameOf = (rows: readonly NamedRow[], id: string): string => rows.find((row) => row.id === id)?.name ?? `#${id}`;
  return [
    ...one('q', texts.search, filters.q),
    ...several('status', texts.status, (value) => statusText[value] ?? value),
    ...timeChip(filters),
    ...several('action', texts.action, wordOf),
    ...several('mode', texts.mode, wordOf),
    ...one('keyId', texts.key, nameOf(keys, filters.keyId)),
    ...one('upstreamId', texts.upstream, nameOf(upstreams, filters.upstreamId)),
    ...several('failureKind', texts.failure, failureWord),
    ...one('state', texts.state, filters.state),
    ...one('parentId', texts.parent, filters.parentId),
    ...(filters.refused === ''
      ? []
      : [
          {
            name: 'refused',
            text: texts.chip(texts.refused, texts.refusedChoices[filters.refused]),
            without: { refused: '' as const },
          },
        ]),
  ];
}

function timeChip({ time, from, to }: TaskFilters): FilterChip[] {
  const { presets, since, until, between, time: label, chip } = strings.value;
  const without = { time: '', from: '', to: '' };
  if (isTimePreset(time)) return [{ name: 'time', text: presets[time], without }];
  if (from === '' && to === '') return [];
  const said = (at: string): string => (Number.isNaN(Date.parse(at)) ? at : formatTime(at));
  const text = to === '' ? since(said(from)) : from === '' ? until(said(to)) : between(said(from), said(to));
  return [{ name: 'time', text: chip(label, text), without }];
}
