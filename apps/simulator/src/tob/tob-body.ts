import { Refusal } from './tob-refusal.js';

const wrong = (key: string, what: string): Refusal => new Refusal('Invalid_Argument', `${key} ${what}`);

/** Reads the fields of a request. Unknown ones are ignored; null is absent. @throws Refusal that names the field */
export class TobBody {
  private constructor(
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly path: string,
  ) {}

  static of(value: unknown, path = ''): TobBody {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(path === '' ? 'body' : path, 'must be an object');
    return new TobBody(value as Record<string, unknown>, path);
  }

  has(key: string): boolean {
    return this.fields[key] !== undefined && this.fields[key] !== null;
  }

  /** A text of 1 to `most` characters. */
  text(key: string, most = 8_192): string {
    const value = this.given(key);
    if (typeof value !== 'string') throw wrong(this.named(key), 'must be a string');
    if (value.trim() === '' || value.length > most) throw wrong(this.named(key), `must have 1 to ${most} characters`);
    return value;
  }

  /** A text that may be absent or empty: '' then. */
  optional(key: string, most = 8_192): string {
    return this.has(key) && this.fields[key] !== '' ? this.text(key, most) : '';
  }

  whole(key: string, least: number, most: number): number {
    const value = this.number(key, least, most);
    if (!Number.isInteger(value)) throw wrong(this.named(key), 'must be a whole number');
    return value;
  }

  number(key: string, least: number, most: number): number {
    const value = this.given(key);
    if (typeof value !== 'number') throw wrong(this.named(key), 'must be a number');
    if (!(value >= least && value <= most)) throw wrong(this.named(key), `must be from ${least} to ${most}`);
    return value;
  }

  texts(key: string, least: number, most: number): string[] {
    const value = this.given(key);
    if (!Array.isArray(value) || value.length < least || value.length > most)
      throw wrong(this.named(key), `must be a list of ${least} to ${most}`);
    return value.map((each: unknown) => {
      if (typeof each !== 'string' || each === '') throw wrong(this.named(key), 'must hold strings');
      return each;
    });
  }

  numbers(key: string): number[] {
    const value = this.given(key);
    if (!Array.isArray(value) || value.some((each) => typeof each !== 'number'))
      throw wrong(this.named(key), 'must be a list of numbers');
    return value as number[];
  }

  inner(key: string): TobBody {
    return TobBody.of(this.given(key), this.named(key));
  }

  list(key: string): TobBody[] {
    const value = this.given(key);
    if (!Array.isArray(value) || value.length === 0) throw wrong(this.named(key), 'must be a list');
    return value.map((each: unknown, at) => TobBody.of(each, `${this.named(key)}[${at}]`));
  }

  /** An http(s) link of at most 1024 characters. */
  link(key: string): string {
    const value = this.text(key, 1_024);
    if (!/^https?:\/\/\S+$/i.test(value)) throw wrong(this.named(key), 'must be a link');
    return value;
  }

  private given(key: string): unknown {
    if (!this.has(key)) throw wrong(this.named(key), 'is required');
    return this.fields[key];
  }

  private named(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}
