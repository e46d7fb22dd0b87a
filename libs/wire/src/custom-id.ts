import type { TaskAction } from './vocabulary.js';

/** When pressing a button opens a window that `/mj/submit/modal` confirms. */
export type WindowRule = 'always' | 'remix' | 'never';

export type CustomId =
  | {
      kind: 'button';
      action: TaskAction;
      /** Which picture or prompt, from 1; null where the button has none. */
      index: number | null;
      /**
       * Which picture or clip of the task it is for, from 1; null where it is for none, or names none because there is but
       * one. For information: what has an `index` may be refused for it, a picture is the upstream's to judge.
       */
      picture: number | null;
      window: WindowRule;
      /** What makes two customIds the same button of a task, whatever job id they carry. */
      key: string;
      /** `PicReader::all`: one press, several tasks. */
      all: boolean;
    }
  | { kind: 'bad_index' }
  | { kind: 'unknown' };

interface Rule {
  /** Tried on the verb, in order: longer words stand before their beginnings. */
  verb: RegExp;
  action: TaskAction;
  window: WindowRule;
  /** Whether the part after the verb must be a number. */
  indexed: boolean;
  /** Which part after the verb is the number of a picture; unless it is `indexed`, 1 may be left out. */
  pictureAt?: 1 | 2;
}

/**
 * The buttons of Midjourney and what pressing them means. Order matters: `upsample` before `upsample_…`. Remixes, enhance,
 * remove_background and video_upscale are the names of vendors: Midjourney's own for them were not seen.
 */
const RULES: readonly Rule[] = [
  { verb: /^upsample$/i, action: 'UPSCALE', window: 'never', indexed: true, pictureAt: 1 },
  { verb: /^video_virtual_upscale$/i, action: 'UPSCALE', window: 'never', indexed: true, pictureAt: 1 },
  { verb: /^variation$/i, action: 'VARIATION', window: 'remix', indexed: true, pictureAt: 1 },
  { verb: /^low_variation$/i, action: 'LOW_VARIATION', window: 'remix', indexed: false, pictureAt: 1 },
  { verb: /^high_variation$/i, action: 'HIGH_VARIATION', window: 'remix', indexed: false, pictureAt: 1 },
  { verb: /^reroll$/i, action: 'REROLL', window: 'remix', indexed: false },
  { verb: /^remix(?:_|$)/i, action: 'REMIX', window: 'always', indexed: false, pictureAt: 1 },
  { verb: /^outpaint$/i, action: 'ZOOM', window: 'never', indexed: false, pictureAt: 2 },
  { verb: /^customzoom$/i, action: 'CUSTOM_ZOOM', window: 'always', indexed: false, pictureAt: 1 },
  { verb: /^inpaint$/i, action: 'INPAINT', window: 'always', indexed: false, pictureAt: 1 },
  { verb: /^pan_/i, action: 'PAN', window: 'remix', indexed: false, pictureAt: 1 },
  { verb: /^upsample_/i, action: 'UPSCALE_HD', window: 'never', indexed: false, pictureAt: 1 },
  { verb: /^enhance$/i, action: 'ENHANCE', window: 'never', indexed: false, pictureAt: 1 },
  { verb: /^remove_background$/i, action: 'REMOVE_BACKGROUND', window: 'never', indexed: false, pictureAt: 1 },
  { verb: /^video$/i, action: 'VIDEO', window: 'remix', indexed: false },
  { verb: /^animate_/i, action: 'VIDEO', window: 'remix', indexed: false, pictureAt: 1 },
  { verb: /^video_upscale$/i, action: 'VIDEO_UPSCALE', window: 'never', indexed: false, pictureAt: 1 },
  { verb: /^picreader$/i, action: 'IMAGINE', window: 'always', indexed: true },
  { verb: /^picread$/i, action: 'DESCRIBE', window: 'never', indexed: false },
  { verb: /^promptanalyzer$/i, action: 'IMAGINE', window: 'never', indexed: true },
  { verb: /^bookmark$/i, action: 'ACTION', window: 'never', indexed: false },
];

const OTHER: Rule = { verb: /^/, action: 'ACTION', window: 'never', indexed: false };

/** `MJ::JOB::verb::…`, `MJ::Job::verb::…` and `MJ::verb::…`: where the verb stands. */
function verbPosition(parts: readonly string[]): number {
  return /^job$/i.test(parts[1] ?? '') ? 2 : 1;
}

/**
 * What a button's customId means. Total: every string has an answer, none throws.
 * `bad_index`: a button that needs a number has none. `unknown`: no two `::` parts, so it is no customId at all.
 */
export function parseCustomId(customId: string): CustomId {
  const parts = customId.split('::');
  if (parts.length < 2) return { kind: 'unknown' };
  const words = parts.slice(verbPosition(parts));
  const [verb = '', argument = ''] = words;
  const rule = RULES.find((candidate) => candidate.verb.test(verb)) ?? OTHER;
  if (/^picreader$/i.test(verb) && /^all$/i.test(argument)) {
    const all = { action: 'IMAGINE', index: null, picture: null, window: 'never', key: 'picreader::all' } as const;
    return { kind: 'button', ...all, all: true };
  }
  if (/^video$/i.test(verb)) return filmButton(rule, words.slice(1));
  if (rule.indexed && !/^\d{1,2}$/.test(argument)) return { kind: 'bad_index' };
  return {
    kind: 'button',
    action: rule.action,
    index: rule.indexed ? Number(argument) : null,
    picture: pictureOf(rule, words),
    window: rule.window,
    key: keyOf(rule, words),
    all: false,
  };
}

/** @param words of a customId, from its verb */
function pictureOf({ pictureAt }: Rule, words: readonly string[]): number | null {
  const word = pictureAt === undefined ? '' : (words[pictureAt] ?? '');
  return /^\d{1,2}$/.test(word) ? Number(word) || null : null;
}

/** Numbers tell buttons apart: that of a picture, and before it Outpaint's zoom (50, 75, 100). Job ids do not. */
function keyOf(rule: Rule, words: readonly string[]): string {
  const [verb = '', argument = ''] = words;
  const number = /^\d{1,3}$/.test(argument) ? argument : '';
  switch (rule.pictureAt) {
    case undefined:
      return `${verb}::${number}`.toLowerCase();
    case 1:
      return `${verb}::${number || '1'}`.toLowerCase();
    default:
      return `${verb}::${number}::${pictureOf(rule, words) ?? 1}`.toLowerCase();
  }
}

/** `MJ::JOB::video::{low|high}::{id}::{kind}::{auto|manual}`: how much moves, by whose words, and whether a film goes on. */
function filmButton({ action, window }: Rule, parts: readonly string[]): CustomId {
  const words = parts.map((part) => part.toLowerCase());
  const motion = words.find((word) => word === 'low' || word === 'high') ?? '';
  const manner = words.find((word) => word === 'auto' || word === 'manual') ?? '';
  const extend = words.some((word) => word.includes('extend')) ? '::extend' : '';
  return {
    kind: 'button',
    action,
    index: null,
    picture: null,
    window: manner === 'manual' ? 'always' : window,
    key: `video::${motion}::${manner}${extend}`,
    all: false,
  };
}

/**
 * The customId to send: clients build ids with the message id, the hash or our own task id where the job id belongs, so
 * an id that the parent does not show stands for the parent's button of the same kind and index. One that matches none
 * is sent as it is.
 */
export function resolveCustomId(customId: string, buttons: readonly { customId: string }[]): string {
  if (buttons.some((button) => button.customId === customId)) return customId;
  const asked = parseCustomId(customId);
  if (asked.kind !== 'button') return customId;
  const same = buttons.find((button) => {
    const shown = parseCustomId(button.customId);
    return shown.kind === 'button' && shown.key === asked.key;
  });
  return same?.customId ?? customId;
}
