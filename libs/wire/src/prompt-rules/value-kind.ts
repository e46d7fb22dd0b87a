import type { RuleNode } from './rule-node.js';

/** What stands behind a parameter's name. Numbers include their bounds. */
export type ValueKind =
  | { kind: 'none' }
  | NumberKind
  | { kind: 'ratio' }
  /** `gone`: no longer there, and what took its place. */
  | { kind: 'version'; listed: readonly number[]; gone?: Readonly<Record<string, number>> }
  /** `closed`: nothing else is taken; otherwise codes of old versions may be. */
  | { kind: 'word'; listed: readonly string[]; closed: boolean }
  | { kind: 'links'; most: number; words?: readonly string[] }
  | { kind: 'codes'; optional: boolean }
  | { kind: 'text' };

export interface NumberKind {
  kind: 'number';
  min: number;
  max: number;
  whole?: boolean;
  optional?: boolean;
  /** What only some sources allow lies outside these; `by` narrows them for a model. */
  usual?: Usual;
  by?: Readonly<Record<string, Usual>>;
  /** Of which sources disagree for a model. */
  disputed?: Readonly<Record<string, readonly number[]>>;
}

export type Usual = { min: number; max: number } | { oneOf: readonly number[] };

const KINDS = ['none', 'number', 'ratio', 'version', 'word', 'links', 'codes', 'text'] as const;

/** @param models the names of all models @throws RuleError */
export function readValueKind(node: RuleNode, models: readonly string[]): ValueKind {
  const kind = node.at('kind').word(KINDS);
  switch (kind) {
    case 'none':
    case 'ratio':
    case 'text':
      node.only('kind');
      return { kind };
    case 'number':
      return readNumber(node, models);
    case 'version': {
      const gone = node.only('kind', 'listed', 'gone').maybe('gone', (versions) => table(versions, null, numberOf));
      return { kind, listed: node.at('listed').list(numberOf), ...(gone === undefined ? {} : { gone }) };
    }
    case 'word':
      node.only('kind', 'listed', 'closed');
      return { kind, listed: node.at('listed').list(textOf), closed: node.at('closed').flag() };
    case 'links': {
      const words = node.only('kind', 'most', 'words').maybe('words', (list) => list.list(textOf));
      return { kind, most: node.at('most').number(), ...(words === undefined ? {} : { words }) };
    }
    case 'codes':
      return { kind, optional: node.only('kind', 'optional').at('optional').flag() };
  }
}

function readNumber(node: RuleNode, models: readonly string[]): NumberKind {
  node.only('kind', 'min', 'max', 'whole', 'optional', 'usual', 'by', 'disputed');
  const [min, max] = [node.at('min').number(), node.at('max').number()];
  if (min > max) throw node.at('min').error('is more than max');
  const optional = {
    whole: node.maybe('whole', (each) => each.flag()),
    optional: node.maybe('optional', (each) => each.flag()),
    usual: node.maybe('usual', readUsual),
    by: node.maybe('by', (each) => table(each, models, readUsual)),
    disputed: node.maybe('disputed', (each) => table(each, models, (list) => list.list(numberOf))),
  };
  return {
    kind: 'number',
    min,
    max,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function readUsual(node: RuleNode): Usual {
  node.only('min', 'max', 'oneOf');
  const oneOf = node.maybe('oneOf', (list) => list.list(numberOf));
  return oneOf === undefined ? { min: node.at('min').number(), max: node.at('max').number() } : { oneOf };
}

/** @param names what the fields may be called; null: numbers */
function table<T>(node: RuleNode, names: readonly string[] | null, read: (node: RuleNode) => T): Record<string, T> {
  return Object.fromEntries(
    node.fields().map(([name, field]) => {
      const isKnown = names === null ? Number.isFinite(Number(name)) : names.includes(name);
      if (!isKnown) throw field.error(`is none of ${names?.join(', ') ?? 'the numbers'}`);
      return [name, read(field)];
    }),
  );
}

const numberOf = (node: RuleNode): number => node.number();
const textOf = (node: RuleNode): string => node.text();
