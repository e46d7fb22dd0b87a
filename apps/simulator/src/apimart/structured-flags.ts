import { type Body } from '../submit/body.js';
import { wrong } from './apimart-replies.js';

interface Flag {
  /** The field of the body. */
  readonly field: string;
  /** The parameters that the field replaces; the first one is written. */
  readonly names: readonly [string, ...string[]];
  /** The value as the prompt has it, '' for a switch that is on, null for what is not given. */
  readonly read: (body: Body, field: string) => string | null;
}

/** A number within bounds, also one written as text. */
const number =
  (least: number, most: number) =>
  (body: Body, field: string): string | null => {
    const text = body.trimmed(field);
    if (text === '') return null;
    if (/^\d+(\.\d+)?$/.test(text) && Number(text) >= least && Number(text) <= most) return text;
    throw wrong(`${field} must be a number from ${least} to ${most}`);
  };
const oneOf =
  (...allowed: readonly string[]) =>
  (body: Body, field: string): string | null => {
    const text = body.trimmed(field);
    if (text === '' || allowed.includes(text)) return text === '' ? null : text;
    throw wrong(`${field} must be one of ${allowed.join(', ')}`);
  };
const words = (body: Body, field: string): string | null => body.trimmed(field) || null;
const turned = (body: Body, field: string): string | null => (body.flag(field) ? '' : null);
const ratio = (body: Body, field: string): string | null => {
  const text = body.trimmed(field);
  if (text === '') return null;
  if (/^[1-9]\d{0,4}:[1-9]\d{0,4}$/.test(text)) return text;
  throw wrong(`${field} must be a ratio such as 16:9`);
};
/** One link or several, which one flag takes with blanks between. */
const links = (body: Body, field: string): string | null =>
  body.isList(field) ? body.texts(field).join(' ') || null : words(body, field);

/** The fields that say what flags of a prompt say; version and niji go together and are not among them. */
const FLAGS: readonly Flag[] = [
  { field: 'size', names: ['ar', 'aspect'], read: ratio },
  { field: 'quality', names: ['q', 'quality'], read: oneOf('0.25', '0.5', '1', '2', '4') },
  { field: 'style', names: ['style'], read: words },
  { field: 'seed', names: ['seed', 'sameseed'], read: number(0, 4_294_967_295) },
  { field: 'negative_prompt', names: ['no'], read: words },
  { field: 'stylize', names: ['s', 'stylize'], read: number(0, 1_000) },
  { field: 'chaos', names: ['c', 'chaos'], read: number(0, 100) },
  { field: 'weird', names: ['w', 'weird'], read: number(0, 3_000) },
  { field: 'tile', names: ['tile'], read: turned },
  { field: 'iw', names: ['iw'], read: number(0, 3) },
  { field: 'cw', names: ['cw'], read: number(0, 100) },
  { field: 'sw', names: ['sw'], read: number(0, 1_000) },
  { field: 'cref', names: ['cref'], read: links },
  { field: 'sref', names: ['sref'], read: links },
  { field: 'dref', names: ['dref'], read: links },
  { field: 'dw', names: ['dw'], read: number(0, 100) },
  { field: 'repeat', names: ['r', 'repeat'], read: number(1, 40) },
  { field: 'raw', names: ['raw'], read: turned },
  { field: 'draft', names: ['draft'], read: turned },
  { field: 'hd', names: ['hd'], read: turned },
  { field: 'stop', names: ['stop'], read: number(10, 100) },
];
const VERSION = /^\d{1,2}(\.\d)?$/;
const HD_VERSIONS = ['8.1', '8.2'];
const STOP_UP_TO = 6.1;

/**
 * A prompt with the structured fields of its body written into it; a field wins over the same flag in the prompt.
 * @throws Refusal for a value that a field cannot have.
 */
export function withStructuredFlags(body: Body, prompt: string): string {
  let text = withVersion(body, prompt);
  for (const { field, names, read } of FLAGS) {
    const value = read(body, field);
    if (value !== null) text = written(without(text, names), names[0], value);
  }
  const model = modelOf(text);
  if (body.flag('hd') && model === null) text = written(text, 'v', '8.1');
  else if (body.flag('hd') && !HD_VERSIONS.includes(model ?? '')) throw wrong('hd needs version 8.1 or 8.2');
  if (body.trimmed('stop') !== '' && Number(model ?? 7) > STOP_UP_TO) throw wrong('stop needs version 6.1 or below');
  return `${text} ${body.trimmed('extra')}`.trim();
}

function withVersion(body: Body, prompt: string): string {
  const version = body.trimmed('version').replace(/^v/i, '');
  if (body.flag('niji')) {
    if (!['', '6', '7'].includes(version)) throw wrong('version must be 6 or 7 with niji');
    return written(without(prompt, ['v', 'version', 'niji']), 'niji', version || '7');
  }
  if (version === '') return prompt;
  if (!VERSION.test(version)) throw wrong('version must be a number such as 7 or 8.2');
  return written(without(prompt, ['v', 'version', 'niji']), 'v', version);
}

/** The model that a prompt names: `7`, `8.2`, `niji 7`; null when it names none. */
export function modelOf(prompt: string): string | null {
  const [, niji] = /(?:^|\s)--niji\s+(\d+)/.exec(prompt) ?? [];
  if (niji !== undefined) return `niji ${niji}`;
  return /(?:^|\s)--v(?:ersion)?\s+(\d+(?:\.\d+)?)/.exec(prompt)?.[1]?.replace(/\.0$/, '') ?? null;
}

/** A prompt without some flags and what follows them up to the next flag. */
const without = (prompt: string, names: readonly string[]): string =>
  prompt.replace(new RegExp(`(?:^|\\s+)--(?:${names.join('|')})(?=\\s|$)(?:\\s+(?!--)\\S+)*`, 'g'), '').trim();

const written = (prompt: string, name: string, value: string): string =>
  `${prompt} --${name}${value === '' ? '' : ` ${value}`}`.trim();
