/** The columns of the compatibility tables: image models, and video. V8 is 8.1 and 8.2. */
export const MODELS = ['6', '6.1', 'niji 6', '7', 'niji 7', '8', 'video'] as const;
export type Model = (typeof MODELS)[number];

/** What stands behind a parameter's name. Numbers include their bounds. */
export type ValueKind =
  | { kind: 'none' }
  | {
      kind: 'number';
      min: number;
      max: number;
      whole?: boolean;
      optional?: boolean;
      /** What only some sources allow lies outside these; `by` narrows them for a model. */
      usual?: Usual;
      by?: Partial<Record<Model, Usual>>;
      /** Of which sources disagree for a model. */
      disputed?: Partial<Record<Model, readonly number[]>>;
    }
  | { kind: 'ratio' }
  /** `gone`: no longer there, and what took its place. */
  | { kind: 'version'; listed: readonly number[]; gone?: Readonly<Record<number, number>> }
  /** `closed`: nothing else is taken; otherwise codes of old versions may be. */
  | { kind: 'word'; listed: readonly string[]; closed: boolean }
  | { kind: 'links'; most: number; words?: readonly string[] }
  | { kind: 'codes'; optional: boolean }
  | { kind: 'text' };

export type Usual = { min: number; max: number } | { oneOf: readonly number[] };

/** One parameter of Midjourney, as of September 2026. */
export interface Parameter {
  /** The short name, then the others. */
  names: readonly [string, ...string[]];
  value: ValueKind;
  /** Models that have it; absent: all. What is in neither list does not. */
  fits?: readonly Model[];
  /** Models of which sources disagree. */
  disputed?: readonly Model[];
  /** Clients send one flag for each of its values. */
  mayRepeat?: true;
  /** For people who read the table. */
  note?: string;
  /** Speed flags: the gateway takes them out before it sends the prompt. */
  isSpeed?: true;
  /** Of old versions, or known from parsers only. */
  isUndocumented?: true;
  source: string;
}

const IMAGE: readonly Model[] = ['6', '6.1', 'niji 6', '7', 'niji 7', '8'];
const LEGACY: readonly Model[] = ['6', '6.1', 'niji 6'];
const VIDEO: readonly Model[] = ['video'];
const FLAG = { kind: 'none' } as const;
const number = (min: number, max: number, more: { whole?: boolean; optional?: boolean } = {}) =>
  ({ kind: 'number', min, max, ...more }) as const;
const oneOf = (...values: number[]): Usual => ({ oneOf: values });
const docs = (article: string): string => `Midjourney docs, “${article}”`;
const MAX_SEED = 4_294_967_295;

/** Every parameter that is known, with the bounds that all sources agree on; narrower ones only warn. */
export const PARAMETERS: readonly Parameter[] = [
  { names: ['ar', 'aspect'], value: { kind: 'ratio' }, fits: IMAGE, source: docs('Aspect Ratio') },
  {
    names: ['v', 'version'],
    value: { kind: 'version', listed: [1, 2, 3, 4, 5, 5.1, 5.2, 6, 6.1, 7, 8.1, 8.2], gone: { 8: 8.2 } },
    fits: IMAGE,
    source: docs('Version'),
  },
  { names: ['niji'], value: { kind: 'version', listed: [4, 5, 6, 7] }, fits: IMAGE, source: docs('Version') },
  { names: ['c', 'chaos'], value: number(0, 100), fits: IMAGE, source: docs('Chaos / Variety') },
  { names: ['s', 'stylize'], value: number(0, 1_000), fits: IMAGE, source: docs('Stylize') },
  {
    names: ['w', 'weird'],
    value: number(0, 3_000),
    fits: IMAGE,
    source: `${docs('Weird')}; not in Youchuan, guide to V8.1`,
  },
  { names: ['exp'], value: number(0, 100, { whole: true }), fits: ['7', '8'], source: docs('Parameter List') },
  {
    names: ['q', 'quality'],
    value: {
      ...number(0.25, 4),
      usual: oneOf(0.25, 0.5, 1, 2, 4),
      by: {
        '6': oneOf(0.25, 0.5, 1, 2),
        '6.1': oneOf(0.5, 1, 2),
        'niji 6': oneOf(0.5, 1, 2),
        '7': oneOf(1, 2, 4),
      },
    },
    fits: ['6', '6.1', 'niji 6', '7'],
    source: `${docs('Quality')}; only Youchuan has it for 8 (1 and 4)`,
  },
  { names: ['seed'], value: number(0, MAX_SEED, { whole: true }), fits: IMAGE, source: docs('Seeds') },
  {
    names: ['stop'],
    value: { ...number(1, 100), usual: { min: 10, max: 100 } },
    fits: LEGACY,
    source: `${docs('Stop')}; Youchuan, V7 parameters (from 1)`,
  },
  {
    names: ['tile'],
    value: FLAG,
    fits: ['6', '6.1', 'niji 6', '7', '8'],
    source: `${docs('Tile')}; not in Youchuan, guide to V8.1`,
  },
  { names: ['raw'], value: FLAG, source: docs('Raw Mode') },
  {
    names: ['style'],
    value: {
      kind: 'word',
      listed: ['raw', 'cute', 'expressive', 'original', 'scenic', '4a', '4b', '4c'],
      closed: false,
    },
    fits: ['6', '6.1', 'niji 6', '7', 'niji 7'],
    source: docs('Legacy Features'),
  },
  {
    names: ['no'],
    value: { kind: 'text' },
    fits: ['6.1', '7', '8'],
    disputed: ['6', 'niji 6', 'niji 7'],
    source: `${docs('No')}; Youchuan, matrix of V7 parameters`,
  },
  {
    names: ['iw'],
    value: { ...number(0, 3), by: { 'niji 7': { min: 0, max: 2 } } },
    fits: IMAGE,
    source: docs('Image Prompts'),
  },
  {
    names: ['sref'],
    value: { kind: 'codes', optional: false },
    fits: IMAGE,
    mayRepeat: true,
    source: docs('Style Reference'),
  },
  { names: ['sw'], value: number(0, 1_000), fits: IMAGE, source: docs('Style Reference') },
  {
    names: ['sv'],
    value: {
      ...number(1, 7, { whole: true }),
      by: {
        '6': oneOf(1, 2, 3, 4),
        '6.1': oneOf(1, 2, 3, 4),
        'niji 6': oneOf(1, 2, 3, 4),
        '7': oneOf(1, 2, 3, 4, 5, 6),
        'niji 7': oneOf(1, 2, 3, 4, 6),
        '8': oneOf(1, 2, 3, 4, 5, 6, 7),
      },
      disputed: { '8': [7] },
    },
    fits: IMAGE,
    note: 'codes and `random` with 7 and 8: 4 or 6',
    source: `${docs('Style Reference')}; Youchuan, guide to V8.1 (6)`,
  },
  { names: ['cref'], value: { kind: 'links', most: 20 }, fits: LEGACY, source: docs('Character Reference') },
  { names: ['cw'], value: number(0, 100), fits: LEGACY, source: docs('Character Reference') },
  {
    names: ['oref'],
    value: { kind: 'links', most: 1 },
    fits: ['7'],
    disputed: ['8'],
    note: 'with 8 it may run as 7',
    source: `${docs('Omni Reference')}; EvoLink, guide to V8.1 (has it)`,
  },
  {
    names: ['ow'],
    value: { ...number(0, 1_000), usual: { min: 1, max: 1_000 } },
    fits: ['7'],
    disputed: ['8'],
    source: docs('Omni Reference'),
  },
  { names: ['edit'], value: { kind: 'links', most: 4 }, fits: ['8'], source: docs('Edit Model') },
  { names: ['hd'], value: FLAG, fits: ['8', 'video'], source: docs('Version') },
  { names: ['sd'], value: FLAG, fits: ['8', 'video'], source: docs('Version') },
  {
    names: ['draft'],
    value: FLAG,
    fits: ['7'],
    disputed: ['8'],
    source: `${docs('Draft & Conversational Modes')}; not in “Version”`,
  },
  {
    names: ['p', 'profile', 'personalize'],
    value: { kind: 'codes', optional: true },
    fits: ['6', '6.1', 'niji 6', '7', '8'],
    disputed: ['niji 7'],
    source: `${docs('Personalization')}; testers of niji 7 (has none)`,
  },
  { names: ['r', 'repeat'], value: number(2, 40, { whole: true }), fits: IMAGE, source: docs('Repeat') },
  { names: ['fast'], value: FLAG, isSpeed: true, source: docs('GPU Speed') },
  { names: ['relax'], value: FLAG, isSpeed: true, source: docs('GPU Speed') },
  {
    names: ['turbo'],
    value: FLAG,
    isSpeed: true,
    fits: ['6', '6.1', 'niji 6', '7', 'niji 7', 'video'],
    source: docs('GPU Speed'),
  },
  { names: ['stealth'], value: FLAG, source: docs('Stealth') },
  { names: ['public'], value: FLAG, source: docs('Stealth') },
  { names: ['zoom'], value: number(1, 2), source: 'Midjourney docs, “Zoom Out” (the window of Custom Zoom)' },
  { names: ['video'], value: number(1, 1, { optional: true }), source: docs('Video') },
  {
    names: ['motion'],
    value: { kind: 'word', listed: ['low', 'high'], closed: true },
    fits: VIDEO,
    source: docs('Video'),
  },
  { names: ['loop'], value: FLAG, fits: VIDEO, source: docs('Video') },
  { names: ['end'], value: { kind: 'links', most: 1, words: ['loop'] }, fits: VIDEO, source: docs('Video') },
  {
    names: ['bs'],
    value: { ...number(1, 4, { whole: true }), usual: oneOf(1, 2, 4) },
    fits: VIDEO,
    source: `${docs('Video')}; Youchuan, V7 parameters (3 too)`,
  },
  ...(['test', 'testp', 'creative', 'uplight', 'upbeta', 'preview'] as const).map((name): Parameter => ({
    names: [name],
    value: FLAG,
    isUndocumented: true,
    source: docs('Legacy Features'),
  })),
  ...(['sameseed', 'ev', 'length', 'dw'] as const).map((name): Parameter => ({
    names: [name],
    value: number(0, MAX_SEED, { optional: true }),
    isUndocumented: true,
    source: 'Parsers of the web client',
  })),
  {
    names: ['dref'],
    value: { kind: 'links', most: 20 },
    isUndocumented: true,
    source: 'Parsers of the web client',
  },
];

const BY_NAME: ReadonlyMap<string, Parameter> = new Map(
  PARAMETERS.flatMap((parameter) => parameter.names.map((name) => [name, parameter] as const)),
);

/** The longest name there is, in characters. */
export const LONGEST_NAME = Math.max(...[...BY_NAME.keys()].map((name) => name.length));

/** @param name in lower case */
export function parameterNamed(name: string): Parameter | null {
  return BY_NAME.get(name) ?? null;
}

/** Two parameters that exclude each other; with `when` only where a value of the other is so. */
interface Exclusion {
  one: string;
  other: string;
  when?: RegExp;
  source: string;
}

/** Weights, and the references they are of. */
export const WEIGHTS_OF: ReadonlyMap<string, string> = new Map([
  ['sw', 'sref'],
  ['ow', 'oref'],
  ['cw', 'cref'],
]);

const MOODBOARD = /^m[a-z0-9]+$/i;

/** Speed flags exclude each other too. */
export const EXCLUSIONS: readonly Exclusion[] = [
  { one: 'v', other: 'niji', source: docs('Version') },
  { one: 'hd', other: 'sd', source: docs('Version') },
  { one: 'stealth', other: 'public', source: docs('Stealth') },
  { one: 'draft', other: 'oref', source: docs('Omni Reference') },
  { one: 'oref', other: 'q', when: /^4(?:\.0*)?$/, source: docs('Omni Reference') },
  { one: 'hd', other: 'draft', source: 'EvoLink, guide to V8.1' },
  { one: 'tile', other: 'edit', source: docs('Edit Model') },
  { one: 'edit', other: 'oref', source: docs('Edit Model') },
  { one: 'zoom', other: 'oref', source: docs('Omni Reference') },
  { one: 'sw', other: 'p', when: MOODBOARD, source: docs('Moodboards') },
  { one: 'sv', other: 'p', when: MOODBOARD, source: docs('Moodboards') },
  { one: 'relax', other: 'r', source: docs('Repeat') },
];
