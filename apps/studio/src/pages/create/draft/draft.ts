import { batch, computed, signal } from '@preact/signals';
import { KINDS, slotKey, type Kind, type KindName, type PictureSlot, type SlotKey } from '../kinds.ts';
import type { Picture } from '../pictures/picture.ts';

export type Speed = 'RELAX' | 'FAST' | 'TURBO';
export type Bot = 'MID_JOURNEY' | 'NIJI_JOURNEY';

/** Everything of a request that is neither its text nor a picture. '' and null: not sent. */
export interface Settings {
  speed: Speed | '';
  bot: Bot;
  dimensions: 'PORTRAIT' | 'SQUARE' | 'LANDSCAPE';
  motion: 'low' | 'high' | '';
  batchSize: '1' | '2' | '4' | '';
  isLoop: boolean;
  state: string;
  notifyHook: string;
  notifyEvents: 'all' | 'terminal' | '';
  idempotencyKey: string;
}

export const FIRST_SETTINGS: Settings = {
  speed: '',
  bot: 'MID_JOURNEY',
  dimensions: 'SQUARE',
  motion: '',
  batchSize: '',
  isLoop: false,
  state: '',
  notifyHook: '',
  notifyEvents: '',
  idempotencyKey: '',
};

/** What is being prepared. It outlives the page: who comes back from the gallery finds it as it was. */
export const draft = {
  kind: signal<KindName>('imagine'),
  texts: signal<Partial<Record<KindName, string>>>({}),
  pictures: signal<Partial<Record<SlotKey, readonly Picture[]>>>({}),
  settings: signal<Settings>(FIRST_SETTINGS),
};

/** The kind that is chosen. */
export const kindNow = computed<Kind>(() => KINDS[draft.kind.value]);

/** The text of the kind that is chosen. */
export const textNow = computed<string>(() => draft.texts.value[draft.kind.value] ?? '');

/** How many pictures the chosen kind has in its slots. */
export const pictureCount = computed<number>(() =>
  kindNow.value.slots.reduce((sum, slot) => sum + picturesIn(kindNow.value.name, slot).length, 0),
);

/** Pictures of a slot, in their order. */
export function picturesIn(kind: KindName, slot: PictureSlot): readonly Picture[] {
  return draft.pictures.value[slotKey(kind, slot)] ?? [];
}

export function writeText(text: string, kind: KindName = draft.kind.value): void {
  draft.texts.value = { ...draft.texts.value, [kind]: text };
}

export function setPictures(key: SlotKey, pictures: readonly Picture[]): void {
  draft.pictures.value = { ...draft.pictures.value, [key]: pictures };
}

export function changeSettings(changes: Partial<Settings>): void {
  draft.settings.value = { ...draft.settings.value, ...changes };
}

/** Goes to a kind with a text in it, as "use as prompt" does. */
export function usePrompt(text: string, kind: KindName = 'imagine'): void {
  batch(() => {
    draft.kind.value = kind;
    writeText(text, kind);
  });
}
