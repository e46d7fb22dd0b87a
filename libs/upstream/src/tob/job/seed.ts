import { textOf } from '../../json/json-field.js';

const SEED = /^\d{1,20}$/;
const NONE = /^0+$/;

/** The seed of a job as digits; null where there is none: the vendors write 0 for numbers that they do not have. */
export function seedOf(value: unknown): string | null {
  const text = textOf(value, 64).trim();
  return SEED.test(text) && !NONE.test(text) ? text : null;
}
