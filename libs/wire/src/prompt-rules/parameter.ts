import { readOrigin, type Origin, type RuleNode } from './rule-node.js';
import { readValueKind, type ValueKind } from './value-kind.js';

/** One parameter of Midjourney. */
export interface Parameter extends Origin {
  /** The short name, then the others. */
  names: readonly [string, ...string[]];
  value: ValueKind;
  /** Models that have it; absent: all. What is in neither list does not. */
  fits?: readonly string[];
  /** Models of which sources disagree. */
  disputed?: readonly string[];
  /** A value that these models drop without a word, and the parameter that took its place. */
  replaced?: { models: readonly string[]; value: string; by: string };
  /** Clients send one flag for each of its values. */
  mayRepeat?: true;
  /** What counts where it is not written; absent: nothing, or not known. */
  default?: number | string;
  /** For people who read the table. */
  note?: string;
  /** Speed flags: the gateway takes them out before it sends the prompt. */
  isSpeed?: true;
  /** Of old versions, or known from parsers only. */
  isUndocumented?: true;
}

const FIELDS = ['names', 'value', 'fits', 'disputed', 'replaced', 'default', 'note', 'source', 'checked'] as const;
const MARKS = ['mayRepeat', 'isSpeed', 'isUndocumented'] as const;

/** @param models the names of all models @throws RuleError */
export function readParameters(file: RuleNode, models: readonly string[]): Parameter[] {
  const known = new Set<string>();
  return file
    .only('parameters')
    .at('parameters')
    .list((node) => {
      const parameter = readParameter(node, models);
      for (const name of parameter.names) {
        if (known.has(name)) throw node.at('names').error(`has ${name}, which is a parameter already`);
        known.add(name);
      }
      return parameter;
    });
}

function readParameter(node: RuleNode, models: readonly string[]): Parameter {
  node.only(...FIELDS, ...MARKS);
  const [first, ...others] = node.at('names').list((name) => {
    if (!/^[a-z]+$/.test(name.text())) throw name.error('is no name in lower case');
    return name.text();
  });
  if (first === undefined) throw node.at('names').error('is empty');
  const listed = (list: RuleNode): string[] => list.list((model) => model.word(models));
  const optional = {
    fits: node.maybe('fits', listed),
    disputed: node.maybe('disputed', listed),
    replaced: node.maybe('replaced', (replaced) => ({
      models: listed(replaced.only('models', 'value', 'by').at('models')),
      value: replaced.at('value').text(),
      by: replaced.at('by').text(),
    })),
    default: node.maybe('default', readDefault),
    note: node.maybe('note', (note) => note.text()),
  };
  const marks = MARKS.filter((mark) => node.maybe(mark, (each) => each.flag()) === true);
  return {
    names: [first, ...others],
    value: readValueKind(node.at('value'), models),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    ...Object.fromEntries(marks.map((mark) => [mark, true])),
    ...readOrigin(node),
  };
}

function readDefault(node: RuleNode): number | string {
  return typeof node.json() === 'number' ? node.number() : node.text();
}
