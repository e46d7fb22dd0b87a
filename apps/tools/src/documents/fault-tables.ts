import { load } from 'js-yaml';

/** What shows that a promise holds: tests of a file, a scenario of `npm run chaos`, or a sentence where there is neither. */
export interface Evidence {
  file?: string;
  /** Titles as they stand in the file; none: the whole file. */
  tests: readonly string[];
  chaos?: string;
  note?: string;
}

/** A fault, what must happen then, and what shows that it does. */
export interface Fault {
  id?: string;
  fault: string;
  then: string;
  shown: readonly Evidence[];
}

/** The faults of one page docs/faults/<page>.md. */
export interface FaultPage {
  page: string;
  title: string;
  about?: string;
  faults: readonly Fault[];
}

/** A limit and what becomes of a request beyond it; without a variable the limit is fixed. */
export interface Limit {
  limit: string;
  default: string;
  variable?: string;
  beyond?: string;
}

/** Limits of one kind. */
export interface LimitGroup {
  title: string;
  about?: string;
  items: readonly Limit[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Fault pages of a YAML file. @throws Error that names the field which is not as it should be */
export function readFaultPages(yaml: string): FaultPage[] {
  return listOf(fieldsOf(load(yaml), 'the file'), 'faults', (page, at) => ({
    page: textOf(page, 'page', at),
    title: textOf(page, 'title', at),
    ...maybeText(page, 'about', at),
    faults: listOf(page, 'faults', readFault, at),
  }));
}

/** Groups of limits of a YAML file. @throws Error that names the field which is not as it should be */
export function readLimitGroups(yaml: string): LimitGroup[] {
  return listOf(fieldsOf(load(yaml), 'the file'), 'limits', (group, at) => ({
    title: textOf(group, 'title', at),
    ...maybeText(group, 'about', at),
    items: listOf(
      group,
      'items',
      (item, place) => ({
        limit: textOf(item, 'limit', place),
        default: textOf(item, 'default', place),
        ...maybeText(item, 'variable', place),
        ...maybeText(item, 'beyond', place),
      }),
      at,
    ),
  }));
}

function readFault(fault: Fields, at: string): Fault {
  return {
    ...maybeText(fault, 'id', at),
    fault: textOf(fault, 'fault', at),
    then: textOf(fault, 'then', at),
    shown: listOf(fault, 'shown', readEvidence, at),
  };
}

function readEvidence(evidence: Fields, at: string): Evidence {
  const read = {
    ...maybeText(evidence, 'file', at),
    ...maybeText(evidence, 'chaos', at),
    ...maybeText(evidence, 'note', at),
    tests: evidence['tests'] === undefined ? [] : textsOf(evidence['tests'], `${at}.tests`),
  };
  if (read.file === undefined && read.tests.length > 0) throw new Error(`${at}.tests are of no file`);
  if (Object.keys(read).length === 1) throw new Error(`${at} shows nothing`);
  return read;
}

function fieldsOf(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${at} is no object`);
  return value as Fields;
}

function listOf<T>(fields: Fields, name: string, read: (item: Fields, at: string) => T, parent = ''): T[] {
  const at = parent === '' ? name : `${parent}.${name}`;
  const value = fields[name];
  if (!Array.isArray(value) || value.length === 0) throw new Error(`${at} is no list, or an empty one`);
  return value.map((item, index) => read(fieldsOf(item, `${at}[${index}]`), `${at}[${index}]`));
}

function textOf(fields: Fields, name: string, at: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Error(`${at}.${name} is no text`);
  return value;
}

function maybeText<N extends string>(fields: Fields, name: N, at: string): Partial<Record<N, string>> {
  if (fields[name] === undefined) return {};
  return { [name]: textOf(fields, name, at) } as Partial<Record<N, string>>;
}

function textsOf(value: unknown, at: string): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new Error(`${at} is no list of texts`);
  return value;
}
