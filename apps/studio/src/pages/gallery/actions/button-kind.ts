/** Under which heading a button stands. The order is that on the screen. */
export const BUTTON_GROUPS = ['upscale', 'vary', 'again', 'prompt', 'edit', 'zoom', 'pan', 'animate', 'other'] as const;
export type ButtonGroup = (typeof BUTTON_GROUPS)[number];

/** What pressing a button does, as far as words for it are known. */
export type ButtonName =
  | 'upscale'
  | 'upscaleSubtle'
  | 'upscaleCreative'
  | 'upscale2x'
  | 'upscale4x'
  | 'videoUpscale'
  | 'vary'
  | 'varySubtle'
  | 'varyStrong'
  | 'reroll'
  | 'imaginePrompt'
  | 'imagineAll'
  | 'describeAgain'
  | 'region'
  | 'remix'
  | 'remixSubtle'
  | 'remixStrong'
  | 'enhance'
  | 'removeBackground'
  | 'zoom15'
  | 'zoom2'
  | 'makeSquare'
  | 'customZoom'
  | 'panLeft'
  | 'panRight'
  | 'panUp'
  | 'panDown'
  | 'animateLow'
  | 'animateHigh'
  | 'animateLowManual'
  | 'animateHighManual'
  | 'extendLow'
  | 'extendHigh'
  | 'favourite';

/** A button's meaning. */
export interface ButtonKind {
  group: ButtonGroup;
  /** null: not known here, so that the upstream's label is shown. */
  name: ButtonName | null;
  /** Number of the picture or prompt that it is for, from 1; null: for none, or for the only one. */
  index: number | null;
}

interface Rule {
  verb: RegExp;
  group: ButtonGroup;
  name: (words: readonly string[]) => ButtonName | null;
  /** Which word after the verb is the number of a picture or prompt. */
  indexAt?: 1 | 2;
}

const always = (name: ButtonName) => (): ButtonName => name;

/** Zoom of Outpaint in percent of the old picture. */
const ZOOMS: Record<string, ButtonName> = { '50': 'zoom2', '75': 'zoom15', '100': 'makeSquare' };
const PANS: Record<string, ButtonName> = {
  pan_left: 'panLeft',
  pan_right: 'panRight',
  pan_up: 'panUp',
  pan_down: 'panDown',
};

function bigUpscale([verb = '']: readonly string[]): ButtonName | null {
  if (verb.includes('subtle')) return 'upscaleSubtle';
  if (verb.includes('creative')) return 'upscaleCreative';
  if (verb.endsWith('4x')) return 'upscale4x';
  return verb.endsWith('2x') ? 'upscale2x' : null;
}

function remix([verb = '']: readonly string[]): ButtonName {
  if (verb.includes('subtle')) return 'remixSubtle';
  return verb.includes('strong') ? 'remixStrong' : 'remix';
}

/** `animate_{low|high}[_extend]`, and `video::{low|high}::{id}::{kind}::{auto|manual}`. */
function film(words: readonly string[]): ButtonName {
  const isLow = words.some((word) => word === 'low' || word.startsWith('animate_low'));
  if (words.some((word) => word.includes('extend'))) return isLow ? 'extendLow' : 'extendHigh';
  if (words.includes('manual')) return isLow ? 'animateLowManual' : 'animateHighManual';
  return isLow ? 'animateLow' : 'animateHigh';
}

/** Tried in order: `upsample` stands before the longer words that begin like it. */
const RULES: readonly Rule[] = [
  { verb: /^(?:upsample|video_virtual_upscale)$/, group: 'upscale', name: always('upscale'), indexAt: 1 },
  { verb: /^upsample_/, group: 'upscale', name: bigUpscale, indexAt: 1 },
  { verb: /^video_upscale$/, group: 'upscale', name: always('videoUpscale'), indexAt: 1 },
  { verb: /^variation$/, group: 'vary', name: always('vary'), indexAt: 1 },
  { verb: /^low_variation$/, group: 'vary', name: always('varySubtle'), indexAt: 1 },
  { verb: /^high_variation$/, group: 'vary', name: always('varyStrong'), indexAt: 1 },
  { verb: /^reroll$/, group: 'again', name: always('reroll') },
  { verb: /^remix(?:_|$)/, group: 'edit', name: remix, indexAt: 1 },
  { verb: /^inpaint$/, group: 'edit', name: always('region'), indexAt: 1 },
  { verb: /^enhance$/, group: 'edit', name: always('enhance'), indexAt: 1 },
  { verb: /^remove_background$/, group: 'edit', name: always('removeBackground'), indexAt: 1 },
  { verb: /^outpaint$/, group: 'zoom', name: ([, percent = '']) => ZOOMS[percent] ?? null, indexAt: 2 },
  { verb: /^customzoom$/, group: 'zoom', name: always('customZoom'), indexAt: 1 },
  { verb: /^pan_/, group: 'pan', name: ([verb = '']) => PANS[verb] ?? null, indexAt: 1 },
  { verb: /^(?:animate_|video$)/, group: 'animate', name: film, indexAt: 1 },
  {
    verb: /^picreader$/,
    group: 'prompt',
    name: ([, at]) => (at === 'all' ? 'imagineAll' : 'imaginePrompt'),
    indexAt: 1,
  },
  { verb: /^promptanalyzer$/, group: 'prompt', name: always('imaginePrompt'), indexAt: 1 },
  { verb: /^picread$/, group: 'again', name: always('describeAgain') },
  { verb: /^bookmark$/, group: 'other', name: always('favourite') },
];

const UNKNOWN: ButtonKind = { group: 'other', name: null, index: null };

/** What a customId means: `MJ::JOB::verb::…`, `MJ::Job::verb::…` or `MJ::verb::…`. Every text has an answer. */
export function buttonKind(customId: string): ButtonKind {
  const parts = customId.toLowerCase().split('::');
  const words = parts.slice(parts[1] === 'job' ? 2 : 1);
  const rule = RULES.find(({ verb }) => verb.test(words[0] ?? ''));
  if (rule === undefined) return UNKNOWN;
  const number = rule.indexAt === undefined ? '' : (words[rule.indexAt] ?? '');
  return { group: rule.group, name: rule.name(words), index: /^[1-9]\d?$/.test(number) ? Number(number) : null };
}
