import { readPreference, writePreference } from '../../../app/stored-preference.ts';

const NAME = 'journeyman.create.sending';
const KEY_BYTES = 16;

/** A name for a request's content; 53 bits are plenty to tell two drafts of one browser apart. */
export function fingerprint(text: string): string {
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2_654_435_761);
    other = Math.imul(other ^ unit, 1_597_334_677);
  }
  return `${(one >>> 0).toString(36)}${(other >>> 0).toString(36)}.${text.length.toString(36)}`;
}

/**
 * The Idempotency-Key of a request: the same for the same content until an answer has come, also after a reload, so that pressing
 * again after a lost answer gets that answer and pays nothing.
 */
export function keyFor(content: string): string {
  const print = fingerprint(content);
  const [stored, key] = (readPreference(NAME) ?? '').split(' ');
  if (stored === print && key !== undefined) return key;
  // Not randomUUID: over plain HTTP browsers do not have it.
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const made = `studio-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  writePreference(NAME, `${print} ${made}`);
  return made;
}

/** To be called when the answer is here: the same content sent again is new work. */
export function forgetKey(): void {
  writePreference(NAME, null);
}
