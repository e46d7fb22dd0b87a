import { effect } from '@preact/signals';
import { readPreference, writePreference } from '../../../app/stored-preference.ts';
import { isKindName, KIND_NAMES, type SlotKey } from '../kinds.ts';
import type { Picture } from '../pictures/picture.ts';
import { draft, FIRST_SETTINGS, setPictures, type Settings } from './draft.ts';
import { loadPictures, storePictures } from './picture-store.ts';

const NAME = 'journeyman.create.draft';
let opening: Promise<void> | null = null;

/** Brings back the draft of the last visit, once, and keeps every change from then on. Settles when the pictures are there too. */
export function openDraft(): Promise<void> {
  return (opening ??= open());
}

async function open(): Promise<void> {
  readTexts(readPreference(NAME));
  effect(() => writePreference(NAME, JSON.stringify(toKeep())));
  for (const [key, pictures] of await loadPictures()) {
    if (draft.pictures.peek()[key] === undefined) setPictures(key, pictures);
  }
  const known = new Map<SlotKey, readonly Picture[]>(entries());
  effect(() => {
    for (const [key, pictures] of entries()) {
      if (known.get(key) === pictures) continue;
      known.set(key, pictures);
      void storePictures(key, pictures);
    }
  });
}

function entries(): [SlotKey, readonly Picture[]][] {
  return Object.entries(draft.pictures.value) as [SlotKey, readonly Picture[]][];
}

/** Neither the hook, which may hold a login, nor what belongs to one request only. */
function toKeep(): unknown {
  const { speed, bot, dimensions, motion, batchSize, isLoop } = draft.settings.value;
  return {
    kind: draft.kind.value,
    texts: draft.texts.value,
    settings: { speed, bot, dimensions, motion, batchSize, isLoop },
  };
}

/** Takes over what is of the right shape; anything else was written by another version. */
export function readTexts(stored: string | null): void {
  const fields = recordOf(parse(stored));
  const texts = recordOf(fields['texts']);
  const settings = recordOf(fields['settings']);
  if (typeof fields['kind'] === 'string' && isKindName(fields['kind'])) draft.kind.value = fields['kind'];
  const kept: typeof draft.texts.value = {};
  for (const name of KIND_NAMES) if (typeof texts[name] === 'string') kept[name] = texts[name];
  draft.texts.value = kept;
  const known: [string, unknown][] = Object.entries<unknown>({ ...FIRST_SETTINGS });
  const taken = known.map(([name, first]) => [name, typeof settings[name] === typeof first ? settings[name] : first]);
  draft.settings.value = Object.fromEntries(taken) as Settings;
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
