import { TASK_MODES, type TaskMode } from '../vocabulary.js';
import { readOrigin, type Origin, type RuleNode } from './rule-node.js';

/** The upstreams whose prompts have rules of their own. */
export const RULE_KINDS = ['midjourney', 'youchuan', 'legnext', 'apimart'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** For which models and modes a rule holds; what is absent: for all. */
interface Scope {
  models?: readonly string[];
  except?: readonly string[];
  modes?: readonly TaskMode[];
}

/** Parameters that a kind does not have, or has though the tables of Midjourney doubt it. */
export interface Having extends Scope, Origin {
  /** Short names; `::` for the weights of a multi-prompt. */
  parameters: readonly string[];
}

/** The values that a kind takes of a parameter: numbers of a list or a range, or texts like a pattern. */
export interface Taking extends Scope, Origin {
  parameter: string;
  oneOf?: readonly number[];
  min?: number;
  max?: number;
  like?: RegExp;
}

/** What prompts one kind of upstream takes. */
export interface KindRules extends Origin {
  /** True: it hands everything to Midjourney, which says itself what it does not take; only what is listed here is judged. */
  isOpen: boolean;
  /** The version that a prompt without one is sent with, and the newest Niji. */
  defaultVersion: string;
  defaultNiji: string;
  /** Versions that it has, oldest first; null: all. */
  versions: readonly string[] | null;
  niji: readonly string[] | null;
  modes: readonly TaskMode[];
  /** Modes that it does not have for some models. */
  lacksModes: readonly (Origin & { mode: TaskMode; models: readonly string[] })[];
  /** Most links of pictures before the words, and of style references; null: not known. */
  links: number | null;
  /** Longest text in UTF-16 units; null: not known. */
  length: number | null;
  /** Whether `--repeat` and options in braces are taken. */
  repeat: boolean;
  permutations: boolean;
  lacks: readonly Having[];
  has: readonly Having[];
  takes: readonly Taking[];
}

const FIELDS = [
  ...['isOpen', 'defaultVersion', 'defaultNiji', 'versions', 'niji', 'modes', 'lacksModes', 'links', 'length'],
  ...['repeat', 'permutations', 'lacks', 'has', 'takes', 'source', 'checked'],
];
const MULTI_PROMPT = '::';

/** @param models names of all models @param names short names of all parameters @throws RuleError */
export function readKindRules(file: RuleNode, models: readonly string[], names: readonly string[]): KindRules {
  file.only(...FIELDS);
  const versions = (list: RuleNode): string[] => list.list(readVersion);
  const mode = (node: RuleNode): TaskMode => node.word(TASK_MODES);
  const having = (node: RuleNode): Having => ({
    parameters: node
      .only('parameters', 'models', 'except', 'modes', 'source', 'checked')
      .at('parameters')
      .list((each) => each.word([...names, MULTI_PROMPT])),
    ...readScope(node, models),
    ...readOrigin(node),
  });
  const rules: KindRules = {
    isOpen: file.at('isOpen').flag(),
    defaultVersion: readVersion(file.at('defaultVersion')),
    defaultNiji: readVersion(file.at('defaultNiji')),
    versions: file.at('versions').orNull(versions),
    niji: file.at('niji').orNull(versions),
    modes: file.at('modes').list(mode),
    lacksModes: file.at('lacksModes').list((node) => ({
      mode: mode(node.only('mode', 'models', 'source', 'checked').at('mode')),
      models: node.at('models').list((each) => each.word(models)),
      ...readOrigin(node),
    })),
    links: file.at('links').orNull((node) => node.number()),
    length: file.at('length').orNull((node) => node.number()),
    repeat: file.at('repeat').flag(),
    permutations: file.at('permutations').flag(),
    lacks: file.at('lacks').list(having),
    has: file.at('has').list(having),
    takes: file.at('takes').list((node) => readTaking(node, models, names)),
    ...readOrigin(file),
  };
  for (const [field, listed, version] of [
    ['defaultVersion', rules.versions, rules.defaultVersion],
    ['defaultNiji', rules.niji, rules.defaultNiji],
  ] as const) {
    if (listed?.includes(version) === false) throw file.at(field).error('is none of the versions');
  }
  return rules;
}

function readVersion(node: RuleNode): string {
  if (!/^\d(?:\.[1-9])?$/.test(node.text())) throw node.error('is no version like 7 or 8.2');
  return node.text();
}

function readScope(node: RuleNode, models: readonly string[]): Scope {
  const listed = (list: RuleNode): string[] => list.list((each) => each.word(models));
  return withoutAbsent({
    models: node.maybe('models', listed),
    except: node.maybe('except', listed),
    modes: node.maybe('modes', (list) => list.list((each) => each.word(TASK_MODES))),
  });
}

function readTaking(node: RuleNode, models: readonly string[], names: readonly string[]): Taking {
  node.only('parameter', 'oneOf', 'min', 'max', 'like', 'models', 'except', 'modes', 'source', 'checked');
  const number = (each: RuleNode): number => each.number();
  const values = withoutAbsent({
    oneOf: node.maybe('oneOf', (list) => list.list(number)),
    min: node.maybe('min', number),
    max: node.maybe('max', number),
    like: node.maybe('like', (each) => each.pattern()),
  });
  if (Object.keys(values).length === 0) throw node.error('says no values');
  return { parameter: node.at('parameter').word(names), ...values, ...readScope(node, models), ...readOrigin(node) };
}

type Present<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function withoutAbsent<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
