import { KINDS, slotKey, type Kind, type KindName, type SlotKey } from '../kinds.ts';
import type { Settings } from '../draft/draft.ts';
import type { Picture } from '../pictures/picture.ts';

/** What a request is made of. */
export interface DraftParts {
  kind: KindName;
  text: string;
  pictures: Partial<Record<SlotKey, readonly Picture[]>>;
  settings: Settings;
}

export type SubmitBody = Record<string, string | number | boolean | string[]>;

/** The body of a submit as the gateway reads it; what is not set is left out. */
export function submitBody({ kind: name, text, pictures, settings }: DraftParts): SubmitBody {
  const kind = KINDS[name];
  const body: SubmitBody = {};
  if (kind.prompt !== 'none' && text.trim() !== '') body['prompt'] = text;
  for (const slot of kind.slots) {
    const filled = pictures[slotKey(name, slot)] ?? [];
    const [first] = filled;
    if (first === undefined) continue;
    if (slot.field === 'base64Array') body[slot.field] = filled.map(({ data }) => data);
    else body[first.kind === 'link' ? (slot.linkField ?? slot.field) : slot.field] = first.data;
  }
  addSettings(body, kind, settings);
  return body;
}

function addSettings(body: SubmitBody, { name }: Kind, settings: Settings): void {
  if (name === 'blend') body['dimensions'] = settings.dimensions;
  if (name === 'video') {
    if (settings.motion !== '') body['motion'] = settings.motion;
    if (settings.batchSize !== '') body['batchSize'] = Number(settings.batchSize);
    if (settings.isLoop) body['loop'] = true;
  }
  if (settings.speed !== '') body['mode'] = settings.speed;
  if (settings.bot !== 'MID_JOURNEY' && name !== 'swap') body['botType'] = settings.bot;
  if (settings.state !== '') body['state'] = settings.state;
  if (settings.notifyHook !== '') body['notifyHook'] = settings.notifyHook;
  if (settings.notifyEvents !== '') body['notifyEvents'] = settings.notifyEvents;
}

/** What is missing before it makes sense to send; by the place on the page. */
export type Missing = { at: 'prompt' | SlotKey; what: 'prompt' | 'picture' | 'prompt-or-picture' | 'more-pictures' };

export function missingIn({ kind: name, text, pictures }: DraftParts): Missing[] {
  const kind = KINDS[name];
  const missing: Missing[] = [];
  const isBlank = text.trim() === '';
  const hasPicture = kind.slots.some((slot) => (pictures[slotKey(name, slot)] ?? []).length > 0);
  if (kind.prompt === 'required' && isBlank) missing.push({ at: 'prompt', what: 'prompt' });
  if (kind.prompt === 'optional' && isBlank && !hasPicture) missing.push({ at: 'prompt', what: 'prompt-or-picture' });
  for (const slot of kind.slots) {
    const key = slotKey(name, slot);
    if ((pictures[key] ?? []).length >= slot.least) continue;
    missing.push({ at: key, what: slot.least > 1 ? 'more-pictures' : 'picture' });
  }
  return missing;
}

/** Characters of a body's pictures, which the gateway's limit of a request counts. */
export function pictureChars(body: SubmitBody): number {
  return Object.values(body)
    .flat()
    .reduce<number>(
      (sum, value) => sum + (typeof value === 'string' && value.startsWith('data:') ? value.length : 0),
      0,
    );
}

/** A body with each picture that is no link replaced. */
export function withPictures(body: SubmitBody, replace: (data: string) => string): SubmitBody {
  const one = (value: string): string => (value.startsWith('data:') ? replace(value) : value);
  const changed: SubmitBody = {};
  for (const [field, value] of Object.entries(body)) {
    if (Array.isArray(value)) changed[field] = value.map(one);
    else changed[field] = typeof value === 'string' ? one(value) : value;
  }
  return changed;
}
