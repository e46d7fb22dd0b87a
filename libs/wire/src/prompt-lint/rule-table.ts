import type { Parameter } from '../prompt-rules/parameter.js';
import { PROMPT_RULES } from '../prompt-rules/prompt-rules.js';
import type { Origin } from '../prompt-rules/rule-node.js';
import type { Usual, ValueKind } from '../prompt-rules/value-kind.js';

const MODELS = PROMPT_RULES.models.map(({ name }) => name);

/** The rules of the prompt lint, as a table of Markdown. */
export function ruleTable(): string {
  const rows = Object.entries(PROMPT_RULES.findings).map(([name, { severity, meaning, example, ...origin }]) => [
    `\`${name}\``,
    severity,
    meaning,
    `\`${example}\``,
    originText(origin),
  ]);
  return table(['rule', 'severity', 'meaning', 'example', 'source'], rows);
}

/** The parameters that the prompt lint knows, as a table of Markdown. */
export function parameterTable(): string {
  const rows = PROMPT_RULES.parameters.map((parameter) => [
    parameter.names.map((name) => `\`--${name}\``).join(' '),
    [valueText(parameter.value), ...(parameter.note === undefined ? [] : [parameter.note])].join('; '),
    ...MODELS.map((model) => cellOf(parameter, model)),
    originText(parameter),
  ]);
  return table(['parameter', 'value', ...MODELS, 'source'], rows);
}

/** Which parameters exclude each other, as a table of Markdown. */
export function exclusionTable(): string {
  const rows = PROMPT_RULES.exclusions.map(({ one, other, when, ...origin }) => [
    `\`--${one}\``,
    `\`--${other}\`${when === undefined ? '' : ` with a value like \`${when.source}\``}`,
    originText(origin),
  ]);
  return table(['one', 'other', 'source'], rows);
}

function cellOf({ fits, disputed }: Parameter, model: string): string {
  if (fits === undefined || fits.includes(model)) return 'yes';
  return disputed?.includes(model) === true ? '?' : '–';
}

function valueText(value: ValueKind): string {
  switch (value.kind) {
    case 'none':
      return '–';
    case 'number': {
      const range = value.min === value.max ? String(value.min) : `${value.min}..${value.max}`;
      const notes = [
        ...(value.whole === true ? ['whole'] : []),
        ...(value.optional === true ? ['may be absent'] : []),
        ...(value.usual === undefined ? [] : [`usual ${usualText(value.usual)}`]),
        ...Object.entries(value.by ?? {}).map(([model, usual]) => `${model}: ${usualText(usual)}`),
      ];
      return [range, ...notes].join('; ');
    }
    case 'ratio':
      return 'W:H, whole; 8: up to 14:1';
    case 'version':
      return value.listed.join(', ');
    case 'word':
      return value.listed.join(', ');
    case 'links':
      return [value.most === 1 ? 'a link' : `1..${value.most} links`, ...(value.words ?? [])].join(' or ');
    case 'codes':
      return value.optional ? 'codes; may be absent' : 'links, codes or random';
    case 'text':
      return 'words';
  }
}

function usualText(usual: Usual): string {
  return 'oneOf' in usual ? usual.oneOf.join(' ') : `${usual.min}..${usual.max}`;
}

export function originText({ source, checked }: Origin): string {
  return `${source} (${checked})`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  return lines.join('\n');
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
