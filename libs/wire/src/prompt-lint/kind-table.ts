import type { Having, KindRules, Taking } from '../prompt-rules/kind-rules.js';
import { PROMPT_RULES } from '../prompt-rules/prompt-rules.js';
import { originText, table } from './rule-table.js';

/** What prompts each kind of upstream takes, as a table of Markdown. */
export function kindTable(): string {
  const kinds = Object.entries(PROMPT_RULES.kinds);
  const rows: [string, (rules: KindRules) => string][] = [
    ['versions', ({ versions }) => versions?.join(', ') ?? 'all'],
    ['versions of Niji', ({ niji }) => niji?.join(', ') ?? 'all'],
    ['a prompt without a version', defaultText],
    ['modes', ({ modes, lacksModes }) => [modes.join(', '), ...lacksModes.map(modeText)].join('; ')],
    ['most links of pictures, and of style references', ({ links }) => links?.toString() ?? 'not known'],
    ['most characters', ({ length }) => length?.toString() ?? 'not known'],
    ['`--repeat`', ({ repeat }) => (repeat ? 'yes' : 'no')],
    ['`{a, b}`', ({ permutations }) => (permutations ? 'yes' : 'no')],
  ];
  const cells = rows.map(([name, read]) => [name, ...kinds.map(([, rules]) => read(rules))]);
  return table(['', ...kinds.map(([kind]) => kind)], cells);
}

/** Where the parameters of a kind differ from Midjourney's, as a table of Markdown. */
export function kindParameterTable(): string {
  const rows = Object.entries(PROMPT_RULES.kinds).flatMap(([kind, { lacks, has, takes }]) => [
    ...lacks.map((rule) => [kind, 'has no', namesText(rule), whereText(rule), originText(rule)]),
    ...has.map((rule) => [kind, 'has', namesText(rule), whereText(rule), originText(rule)]),
    ...takes.map((rule) => [
      kind,
      'takes',
      `\`--${rule.parameter}\` ${takenText(rule)}`,
      whereText(rule),
      originText(rule),
    ]),
  ]);
  return table(['kind', '', 'parameters', 'where', 'source'], rows);
}

function defaultText({ defaultVersion, defaultNiji, isOpen }: KindRules): string {
  const versions = `${defaultVersion}, niji ${defaultNiji}`;
  return isOpen ? `goes as it is: ${versions} at Midjourney` : versions;
}

const modeText = ({ mode, models }: { mode: string; models: readonly string[] }): string =>
  `no ${mode} for ${models.join(', ')}`;

function namesText({ parameters }: Having): string {
  return parameters.map((name) => (name === '::' ? '`::`' : `\`--${name}\``)).join(' ');
}

function whereText({ models, except, modes }: Having | Taking): string {
  const where = [models?.join(', ') ?? (except === undefined ? 'all' : `all but ${except.join(', ')}`)];
  return [...where, ...(modes === undefined ? [] : [`in ${modes.join(', ')}`])].join('; ');
}

function takenText({ oneOf, min, max, like }: Taking): string {
  if (like !== undefined) return `like \`${like.source}\``;
  return oneOf === undefined ? `${min ?? ''}..${max ?? ''}` : oneOf.join(' ');
}
