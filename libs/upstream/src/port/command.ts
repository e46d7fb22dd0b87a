import type { BotType, TaskMode } from '#libs/wire';
import type { Picture } from './picture-text.js';

/** Which accounts of an upstream may do the work; sent only to upstreams that are set to accept it. */
export interface AccountFilter {
  modes?: string[];
  instanceId?: string;
  remark?: string;
  channelId?: string;
  remix?: boolean;
  nijiRemix?: boolean;
  remixAutoConsidered?: boolean;
}

interface Terms {
  botType: BotType;
  /** The mode that the task is billed for. */
  mode: TaskMode;
  /** True when the client chose the mode in any way: Midjourney must be told it, whatever the account's default is. */
  modeIsChosen: boolean;
  accountFilter: AccountFilter | null;
}

/** px. */
export interface PictureSize {
  width: number;
  height: number;
}

/** What an upstream without buttons needs of the task that a follow-up continues. */
export interface ParentTexts {
  /** Its prompt; of a task that found several texts, the one that the button stands for. */
  prompt: string;
  seed: string | null;
}

/**
 * The work that an upstream is asked for, without its terms. Ids are the upstream's own; pictures are data URLs, or links
 * where a field says so.
 */
export type Work =
  | { kind: 'imagine'; prompt: string; images: Picture[] }
  | { kind: 'blend'; images: Picture[]; dimensions: 'PORTRAIT' | 'SQUARE' | 'LANDSCAPE' }
  /** Either `image` or `link` is given. */
  | { kind: 'describe'; image: Picture | null; link: string | null; language: string | null }
  | { kind: 'shorten'; prompt: string }
  /** One of the three changes that upstreams without buttons know. `index` is null for REROLL. */
  | {
      kind: 'change';
      upstreamTaskId: string;
      action: 'UPSCALE' | 'VARIATION' | 'REROLL';
      index: number | null;
      parent?: ParentTexts;
    }
  | {
      kind: 'action';
      upstreamTaskId: string;
      customId: string;
      enableRemix: boolean;
      chooseSameChannel: boolean;
      /** Whether a variation is strong or subtle; absent or null: strong, as at Midjourney. */
      strong?: boolean | null;
      /** The text and seed of the task with the button. Absent in commands that an earlier release stored. */
      parent?: ParentTexts;
      /** The text that a client put into a window that exists in the gateway only, and its mask; absent: there was none. */
      confirmedPrompt?: string;
      mask?: Picture | null;
    }
  /** Confirms a window of the upstream. */
  | { kind: 'modal'; upstreamTaskId: string; prompt: string; mask: Picture | null }
  /** Pictures are data URLs or links. */
  | {
      kind: 'edits' | 'retexture';
      prompt: string;
      images: [Picture, ...Picture[]];
      /** Of each image, px, filled in before a send where they can be read. */
      sizes?: readonly (PictureSize | null)[];
    }
  | {
      kind: 'video';
      prompt: string;
      /** Data URL or link of the first and the last frame. */
      image: Picture | null;
      endImage: Picture | null;
      loop: boolean;
      motion: 'low' | 'high' | null;
      videoType: string | null;
      batchSize: 1 | 2 | 4 | null;
      /** Extends one clip of a finished video: `index` from 0. */
      extend: { upstreamTaskId: string; index: number } | null;
    }
  | { kind: 'upload'; images: Picture[] }
  | { kind: 'swap'; source: Picture; target: Picture };

/** Work and its terms. */
export type SubmitCommand = Terms & Work;

/** Kinds of work that an upstream does, or fetches pictures for, before it answers. */
const SLOW_KINDS: ReadonlySet<SubmitCommand['kind']> = new Set(['upload', 'swap']);
/** Least time for the answer to such work, ms: an upstream examines the pictures of a face swap before it answers. */
export const SLOW_ANSWER_MS = 60_000;

/** How long the answer to a command may take in all, ms. `usualMs`: the setting of the upstream, or of the gateway. */
export function sendTimeoutMs(kind: SubmitCommand['kind'], usualMs: number): number {
  return SLOW_KINDS.has(kind) ? Math.max(usualMs, SLOW_ANSWER_MS) : usualMs;
}

/** Whether a command continues a task that its upstream has. */
export function isFollowUp(command: SubmitCommand): boolean {
  return 'upstreamTaskId' in command || (command.kind === 'video' && command.extend !== null);
}

/** The prompt that the confirmation of a window sends; undefined: it confirms none. */
export function confirmedPromptOf(command: SubmitCommand): string | undefined {
  if (command.kind === 'modal') return command.prompt;
  return command.kind === 'action' ? command.confirmedPrompt : undefined;
}

/** Whether a command has pictures that are not links: data URLs, base64, or bytes. */
export function hasInlinePictures(command: SubmitCommand): boolean {
  return picturesOf(command).some((picture) => !isPictureLink(picture));
}

const LINK = /^https?:\/\//i;

/** Whether a picture is a link that an upstream fetches by itself. */
export function isPictureLink(picture: Picture): picture is string {
  return typeof picture === 'string' && LINK.test(picture);
}

/** The pictures of a command, masks included. */
export function picturesOf(command: SubmitCommand): Picture[] {
  switch (command.kind) {
    case 'imagine':
    case 'blend':
    case 'edits':
    case 'retexture':
    case 'upload':
      return [...command.images];
    case 'describe':
      return [command.image].filter((picture) => picture !== null);
    case 'modal':
      return [command.mask].filter((picture) => picture !== null);
    case 'action':
      return [command.mask ?? null].filter((picture) => picture !== null);
    case 'video':
      return [command.image, command.endImage].filter((picture) => picture !== null);
    case 'swap':
      return [command.source, command.target];
    case 'shorten':
    case 'change':
      return [];
  }
}

/** The texts of a command that the client wrote. Where an answer quotes them, the quotation has no meaning of its own. */
export function ownTexts(command: SubmitCommand): string[] {
  const texts = [
    'prompt' in command ? command.prompt : '',
    command.kind === 'describe' ? command.link : null,
    command.kind === 'action' ? command.customId : null,
    command.kind === 'action' ? (command.confirmedPrompt ?? null) : null,
  ];
  return texts.filter((text): text is string => text !== null && text !== '');
}

/**
 * What is sent with a command: the correlation id by which the upstream's task is recognised, and the address for its
 * pushes.
 */
export interface SubmitContext {
  state: string;
  pushUrl: string | null;
  /** The client's W3C trace context, passed on as it came. */
  traceparent?: string;
  /** The gateway's task, for the log of calls; never sent. */
  taskId?: string;
}
