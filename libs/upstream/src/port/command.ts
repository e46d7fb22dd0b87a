import type { BotType, TaskMode } from '#libs/wire';
import type { Picture } from './picture-text.js';

/** Which accounts of an upstream may do the work; passed on only where the upstream is set to take it. */
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
  /** The mode that is billed. */
  mode: TaskMode;
  /** True when the client chose the mode in any way, so it must reach Midjourney whatever the account's default is. */
  modeIsChosen: boolean;
  accountFilter: AccountFilter | null;
}

/** What an upstream is asked to do, before the terms. Ids are the upstream's own; pictures are data URLs, or links where a field says so. */
export type Work =
  | { kind: 'imagine'; prompt: string; images: Picture[] }
  | { kind: 'blend'; images: Picture[]; dimensions: 'PORTRAIT' | 'SQUARE' | 'LANDSCAPE' }
  /** One of picture and link. */
  | { kind: 'describe'; image: Picture | null; link: string | null; language: string | null }
  | { kind: 'shorten'; prompt: string }
  /** One of the three changes that upstreams without buttons know. `index` is null for REROLL. */
  | { kind: 'change'; upstreamTaskId: string; action: 'UPSCALE' | 'VARIATION' | 'REROLL'; index: number | null }
  | {
      kind: 'action';
      upstreamTaskId: string;
      customId: string;
      enableRemix: boolean;
      chooseSameChannel: boolean;
      /** How much a variation changes; absent or null: as the upstream has it. */
      strong?: boolean | null;
    }
  | { kind: 'modal'; upstreamTaskId: string; prompt: string; mask: Picture | null }
  /** Pictures are data URLs or links. */
  | { kind: 'edits' | 'retexture'; prompt: string; images: [Picture, ...Picture[]] }
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

/** Work that an upstream does, or fetches pictures for, while its client waits. */
const SLOW_KINDS: ReadonlySet<SubmitCommand['kind']> = new Set(['upload', 'swap']);
/** Longest wait for the answer to such work, ms: a face swap judges its pictures while its answer is awaited. */
export const SLOW_ANSWER_MS = 60_000;

/** How long the answer to a command may take in all, ms. `usualMs`: the upstream's, or the gateway's, setting. */
export function sendTimeoutMs(kind: SubmitCommand['kind'], usualMs: number): number {
  return SLOW_KINDS.has(kind) ? Math.max(usualMs, SLOW_ANSWER_MS) : usualMs;
}

/** Whether it goes on from a task that its upstream has. */
export function isFollowUp(command: SubmitCommand): boolean {
  return 'upstreamTaskId' in command || (command.kind === 'video' && command.extend !== null);
}

/** What the client wrote; an answer that quotes it says nothing by it. */
export function ownTexts(command: SubmitCommand): string[] {
  const texts = [
    'prompt' in command ? command.prompt : '',
    command.kind === 'describe' ? command.link : null,
    command.kind === 'action' ? command.customId : null,
  ];
  return texts.filter((text): text is string => text !== null && text !== '');
}

/** What goes with a command: our mark, by which an upstream's task is recognised, and where it may push to. */
export interface SubmitContext {
  state: string;
  pushUrl: string | null;
  /** The client's W3C trace context, passed on as it came. */
  traceparent?: string;
}
