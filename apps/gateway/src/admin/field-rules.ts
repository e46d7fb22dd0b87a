import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsString, Length, Matches, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import { isIP } from 'node:net';
import { TASK_ACTIONS, TASK_MODES } from '#libs/wire';
import { parseUrl } from '#libs/net';

export interface Given {
  value: unknown;
}

const LONGEST_URL = 2_048;
const MOST_RANGES = 100;
/** An IPv6 address in full, and the length of its prefix. */
const LONGEST_RANGE = 49;
/** ISO 8601 with an offset; a date alone means its beginning in UTC. */
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d))?$/;
/** numeric(18,6). */
const CREDITS = /^-?\d{1,12}(?:\.\d{1,6})?$/;
const ID = /^\d{1,18}$/;

/** Characters that show nothing; the braille blank (U+2800) is a symbol by its Unicode class. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Z}\s\u2800]/gu;

const RANGES = {
  zero: { words: '0 or more', holds: (value: number) => value >= 0 },
  above_zero: { words: 'more than 0', holds: (value: number) => value > 0 },
  not_zero: { words: 'and not 0', holds: (value: number) => value !== 0 },
} as const;

/** The field may be absent; null is validated like any other value. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** The field may be null or absent. */
export const Nullable = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined && value !== null);

/** A whole number; in a query, digits. */
export function Whole(least: number, most: number): PropertyDecorator {
  const message = `must be a whole number from ${least} to ${most}`;
  return applyDecorators(
    Transform(({ value }: Given) => (typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value)),
    IsInt({ message }),
    Min(least, { message }),
    Max(most, { message }),
    documented({ minimum: least, maximum: most }),
  );
}

/** A boolean; in a query, the word true or false. */
export function YesNo(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: Given) => (value === 'true' ? true : value === 'false' ? false : value)),
    IsIn([true, false], { message: 'must be true or false' }),
  );
}

/** An id of the gateway: a string of digits, or a number that is still exact. */
export function Id(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: Given) => (Number.isSafeInteger(value) ? String(value) : value)),
    Matches(ID, { message: 'must be an id: digits, as a string' }),
    documented({ pattern: ID.source }),
  );
}

/**
 * Credits as a decimal string; a JSON number is taken too where it is written with no more digits. They are kept as
 * numeric(18,6) and never as a float. `most` holds below 0 too.
 */
export function Credits({ least, most }: { least?: keyof typeof RANGES; most?: number } = {}): PropertyDecorator {
  const wanted = least === undefined ? null : RANGES[least];
  const low = wanted === null ? '' : `, ${wanted.words}`;
  const high = most === undefined ? '' : `, at most ${most.toLocaleString('en-US')}`;
  // A double is exact to far less than a millionth up to a thousand million, which no `most` is above.
  const fits = (value: string): boolean =>
    (wanted === null || wanted.holds(Number(value))) && (most === undefined || Math.abs(Number(value)) <= most);
  return applyDecorators(
    Transform(({ value }: Given) => (typeof value === 'number' ? String(value) : value)),
    rule(
      'isCredits',
      `must be a decimal string with at most 12 digits before and 6 behind the point${low}${high}`,
      (value) => {
        return typeof value === 'string' && CREDITS.test(value) && fits(value);
      },
    ),
    documented({ pattern: CREDITS.source }),
  );
}

/** A time in ISO 8601, on a day that exists; becomes a Date. */
export function Instant(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: Given) => (typeof value === 'string' && isInstant(value) ? new Date(value) : value)),
    IsDate({ message: 'must be a time in ISO 8601 with its offset, e.g. 2026-11-22T09:00:00Z' }),
    documented({ format: 'date-time', maxLength: 64 }),
  );
}

/** `Date` would take 30 February for 2 March. */
function isInstant(text: string): boolean {
  const day = text.slice(0, 10);
  if (!INSTANT.test(text) || Number.isNaN(Date.parse(day))) return false;
  return new Date(day).toISOString().startsWith(day);
}

/** A text of so many characters, without space at its ends. */
export function Text(least: number, most: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: Given) => (typeof value === 'string' ? value.trim() : value)),
    IsString({ message: 'must be a text' }),
    Length(least, most, { message: `must have ${least} to ${most} characters` }),
    documented({ minLength: least, maxLength: most }),
  );
}

/** A visible text: not only blanks, control characters and other invisible ones. */
export function Seen(): PropertyDecorator {
  return rule('isSeen', 'must have a character that can be seen', (value) => {
    return typeof value === 'string' && value.replace(UNSEEN, '') !== '';
  });
}

/** One of a few words, in any case. */
export function Word(words: readonly string[]): PropertyDecorator {
  const known = new Map(words.map((word) => [word.toLowerCase(), word]));
  return applyDecorators(
    Transform(({ value }: Given) =>
      typeof value === 'string' ? (known.get(value.trim().toLowerCase()) ?? value) : value,
    ),
    IsIn(words, { message: `must be one of ${words.join(', ')}` }),
  );
}

/** Several of a few words, each once, in any case. */
export function Words(words: readonly string[]): PropertyDecorator {
  const known = new Map(words.map((word) => [word.toLowerCase(), word]));
  const read = (word: unknown): unknown =>
    typeof word === 'string' ? (known.get(word.trim().toLowerCase()) ?? word) : word;
  return applyDecorators(
    Transform(({ value }: Given) => (Array.isArray(value) ? [...new Set(value.map(read))] : value)),
    rule('isWords', `must be a list with at least one of ${words.join(', ')}; or null`, (value) => {
      return Array.isArray(value) && value.length > 0 && value.every((word) => words.includes(word as string));
    }),
    documented({ minItems: 1 }),
  );
}

/** The description of a rule in the API document, added to that of its field. */
export function documented(limits: Limits): PropertyDecorator {
  return ApiProperty(limits);
}

export interface Limits {
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
}

/** Several rules as one decorator: the transformed value is validated. */
export function rule(name: string, message: string, validate: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name, validator: { validate: (value) => validate(value) } }, { message });
}

/** A field that cannot be given. `why` is the answer to it. */
export function Never(why: string): PropertyDecorator {
  return rule('isNever', why, () => false);
}

/** Several texts. */
export function Texts(most: number, longest: number): PropertyDecorator {
  return applyDecorators(
    rule('isTexts', `must be a list of at most ${most} texts of 1 to ${longest} characters`, (value) => {
      const isText = (item: unknown): boolean => typeof item === 'string' && item !== '' && item.length <= longest;
      return Array.isArray(value) && value.length <= most && value.every(isText);
    }),
    documented({ maxItems: most, minLength: 1, maxLength: longest }),
  );
}

/** One or several of a few words in a query, parted by commas or given several times; becomes a list, each once. */
export function WordList(words: readonly string[]): PropertyDecorator {
  const known = new Map(words.map((word) => [word.toLowerCase(), word]));
  const read = (text: string): string[] =>
    text.split(',').map((word) => known.get(word.trim().toLowerCase()) ?? word.trim());
  return applyDecorators(
    Transform(({ value }: Given) => {
      const texts = [value].flat();
      return texts.every((text) => typeof text === 'string') ? [...new Set(texts.flatMap(read))] : value;
    }),
    rule('isWordList', `must be one or several of ${words.join(', ')}, parted by commas`, (value) => {
      return Array.isArray(value) && value.length > 0 && value.every((word) => words.includes(word as string));
    }),
  );
}

/** A text that can be sent in an HTTP header. */
export function HeaderText(): PropertyDecorator {
  return applyDecorators(
    rule('isHeaderText', 'must be printable ASCII of at most 1,000 characters', (value) => {
      return typeof value === 'string' && /^[\x20-\x7e]{1,1000}$/.test(value);
    }),
    documented({ minLength: 1, maxLength: 1_000 }),
  );
}

/** Addresses and CIDRs; a single address becomes a CIDR. */
export function AddressRanges(): PropertyDecorator {
  const whole = (text: unknown): unknown =>
    typeof text === 'string' && isIP(text.trim()) !== 0 ? `${text.trim()}/${isIP(text.trim()) === 4 ? 32 : 128}` : text;
  return applyDecorators(
    Transform(({ value }: Given) => (Array.isArray(value) ? [...new Set(value.map(whole))] : value)),
    rule('isAddressRanges', `must be a list of 1 to ${MOST_RANGES} addresses or CIDRs, or null`, (value) => {
      return Array.isArray(value) && value.length > 0 && value.length <= MOST_RANGES && value.every(isRange);
    }),
    documented({ minItems: 1, maxItems: MOST_RANGES, maxLength: LONGEST_RANGE }),
  );
}

function isRange(text: unknown): boolean {
  const [, address = '', bits = ''] = typeof text === 'string' ? (/^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text) ?? []) : [];
  return isIP(address) !== 0 && Number(bits) <= (isIP(address) === 4 ? 32 : 128);
}

/** An http or https URL. Whether it may be called is decided by the service. */
export function HttpUrl(): PropertyDecorator {
  return applyDecorators(
    rule('isHttpUrl', `must be an http or https URL of at most ${LONGEST_URL} characters`, (value) => {
      return (
        typeof value === 'string' &&
        value.length <= LONGEST_URL &&
        /^https?:\/\//i.test(value) &&
        parseUrl(value) !== null
      );
    }),
    documented({ maxLength: LONGEST_URL }),
  );
}

/** The URL of a hook as it was written. Whether it may be called is decided by HookUrls. */
export function HookText(): PropertyDecorator {
  return applyDecorators(
    rule(
      'isHookText',
      `must be an http or https URL of at most ${LONGEST_URL} characters`,
      (value) => typeof value === 'string' && value.trim().length <= LONGEST_URL,
    ),
    documented({ maxLength: LONGEST_URL }),
  );
}

/** A base URL, to which paths can be appended. */
export function WithoutQuery(): PropertyDecorator {
  return rule('isWithoutQuery', 'must have neither a query (?) nor a fragment (#)', (value) => {
    return typeof value === 'string' && !/[?#]/.test(value);
  });
}

export const Action = (): PropertyDecorator => Word(TASK_ACTIONS);
export const Mode = (): PropertyDecorator => Word(TASK_MODES);
