import type { Schemas } from '../../../api/client.ts';
import { fromLocalInput, toLocalInput } from '../../../i18n/local-input.ts';

export type ApiKey = Schemas['AdminKeyDto'];

/** Fields of the form that hold a number or nothing. */
export const COUNTS = ['maxConcurrent', 'requestsPerMinute', 'queueLimit', 'dailyTasks'] as const;
/** Every field of the form, as the gateway names it. */
export const FIELDS = [
  ...COUNTS,
  ...(['name', 'credits', 'monthlySpend', 'modes', 'actions', 'expiresAt', 'ipAllow', 'notifyHook'] as const),
] as const;

/** A key as the form holds it: texts as typed, lists as chosen. */
export interface KeyDraft extends Record<(typeof COUNTS)[number], string> {
  name: string;
  credits: string;
  monthlySpend: string;
  modes: string[] | null;
  actions: string[] | null;
  /** As <input type="datetime-local"> has it. */
  expiresAt: string;
  /** An address a line. */
  ipAllow: string;
  notifyHook: string;
}

/** What the form begins with. @param key absent: a new one */
export function draftOf(key?: ApiKey): KeyDraft {
  const count = (name: (typeof COUNTS)[number]): string => String(key?.[name] ?? '');
  return {
    name: key?.name ?? '',
    credits: key?.credits ?? '',
    maxConcurrent: count('maxConcurrent'),
    requestsPerMinute: count('requestsPerMinute'),
    queueLimit: count('queueLimit'),
    dailyTasks: count('dailyTasks'),
    monthlySpend: key?.monthlySpend ?? '',
    modes: key?.modes ?? null,
    actions: key?.actions ?? null,
    expiresAt: toLocalInput(key?.expiresAt ?? ''),
    ipAllow: (key?.ipAllow ?? []).join('\n'),
    notifyHook: key?.notifyHook ?? '',
  };
}

/** The fields that differ from what the form began with, as the gateway takes them. A wrong number is sent on for it to refuse. */
export function changesOf(draft: KeyDraft, began: KeyDraft): Record<string, unknown> {
  const all: Record<keyof KeyDraft, unknown> = {
    name: draft.name.trim(),
    credits: textOrNull(draft.credits),
    maxConcurrent: numberOrNull(draft.maxConcurrent),
    requestsPerMinute: numberOrNull(draft.requestsPerMinute),
    queueLimit: numberOrNull(draft.queueLimit),
    dailyTasks: numberOrNull(draft.dailyTasks),
    monthlySpend: textOrNull(draft.monthlySpend),
    modes: draft.modes,
    actions: draft.actions,
    expiresAt: textOrNull(fromLocalInput(draft.expiresAt)),
    ipAllow: linesOrNull(draft.ipAllow),
    notifyHook: textOrNull(draft.notifyHook),
  };
  const names = Object.keys(all) as (keyof KeyDraft)[];
  const changed = names.filter((name) => JSON.stringify(draft[name]) !== JSON.stringify(began[name]));
  return Object.fromEntries(changed.map((name) => [name, all[name]]));
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

function numberOrNull(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

function linesOrNull(text: string): string[] | null {
  const lines = text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? null : lines;
}
