import { type Direction } from '../drawing/canvas.js';
import { type Action } from './vocabulary.js';

/** What a button asks for. */
export type ButtonOrder =
  | { readonly kind: 'upscale'; readonly index: number }
  | { readonly kind: 'clip'; readonly index: number }
  | { readonly kind: 'variation'; readonly index: number }
  | { readonly kind: 'vary-one'; readonly strong: boolean }
  | { readonly kind: 'reroll' }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'custom-zoom' }
  | { readonly kind: 'inpaint' }
  | { readonly kind: 'pan'; readonly direction: Direction }
  | { readonly kind: 'upscale-hd' }
  | { readonly kind: 'animate'; readonly motion: 'low' | 'high' }
  | { readonly kind: 'described'; readonly index: number }
  | { readonly kind: 'all-described' }
  | { readonly kind: 'describe-again' }
  | { readonly kind: 'shortened'; readonly index: number };

const one = (text: string | undefined, highest: number): number | null => {
  const index = Number(text);
  return /^\d$/.test(text ?? '') && index >= 1 && index <= highest ? index : null;
};

/** The order behind a customId, or null for one that is not known. The job id in it is not looked at. */
export function readCustomId(customId: string): ButtonOrder | null {
  const [, group, word = '', third] = /^MJ::([^:]+)(?:::([^:]*))?(?:::([^:]*))?/.exec(customId) ?? [];
  switch (group) {
    case 'JOB':
      return readJob(word, third);
    case 'Outpaint':
      return /^\d+$/.test(word)
        ? { kind: 'zoom', factor: word === '100' ? 1 : 100 / Math.max(25, Number(word)) }
        : null;
    case 'CustomZoom':
      return { kind: 'custom-zoom' };
    case 'Inpaint':
      return { kind: 'inpaint' };
    case 'Picread':
      return word === 'Retry' ? { kind: 'describe-again' } : null;
    case 'Job':
      return readPromptPick(word, third);
    default:
      return null;
  }
}

function readJob(word: string, third: string | undefined): ButtonOrder | null {
  const index = one(third, 4);
  switch (word) {
    case 'upsample':
      return index === null ? null : { kind: 'upscale', index };
    case 'video_virtual_upscale':
      return index === null ? null : { kind: 'clip', index };
    case 'variation':
      return index === null ? null : { kind: 'variation', index };
    case 'low_variation':
    case 'high_variation':
      return { kind: 'vary-one', strong: word === 'high_variation' };
    case 'reroll':
      return { kind: 'reroll' };
    case 'pan_left':
    case 'pan_right':
    case 'pan_up':
    case 'pan_down':
      return { kind: 'pan', direction: word.slice(4) as Direction };
    default:
      if (word.startsWith('upsample_')) return { kind: 'upscale-hd' };
      return word.startsWith('animate_') ? { kind: 'animate', motion: word.includes('high') ? 'high' : 'low' } : null;
  }
}

function readPromptPick(word: string, third: string | undefined): ButtonOrder | null {
  if (word === 'PicReader' && third === 'all') return { kind: 'all-described' };
  const index = one(third, word === 'PicReader' ? 4 : 5);
  if (index === null) return null;
  if (word === 'PicReader') return { kind: 'described', index };
  return word === 'PromptAnalyzer' ? { kind: 'shortened', index } : null;
}

/** The action of the task that an order makes; a reroll keeps its parent's, and a single picture's is a new grid. */
export function actionOf(order: ButtonOrder, parent: Action): Action {
  switch (order.kind) {
    case 'upscale':
    case 'clip':
      return 'UPSCALE';
    case 'variation':
    case 'vary-one':
    case 'inpaint':
      return 'VARIATION';
    case 'reroll':
      return parent === 'UPSCALE' || parent === 'UPSCALE_HD' ? 'IMAGINE' : parent;
    case 'zoom':
    case 'custom-zoom':
      return 'ZOOM';
    case 'pan':
      return 'PAN';
    case 'upscale-hd':
      return 'UPSCALE_HD';
    case 'animate':
      return 'VIDEO';
    case 'described':
    case 'all-described':
    case 'shortened':
      return 'IMAGINE';
    case 'describe-again':
      return 'DESCRIBE';
  }
}

/** Whether an order waits in a window: some always do, some when the client asks for remix. */
export function opensWindow(order: ButtonOrder, remix: boolean): boolean {
  switch (order.kind) {
    case 'custom-zoom':
    case 'inpaint':
    case 'described':
      return true;
    case 'variation':
    case 'vary-one':
    case 'reroll':
    case 'pan':
    case 'animate':
      return remix;
    case 'upscale':
    case 'clip':
    case 'zoom':
    case 'upscale-hd':
    case 'all-described':
    case 'describe-again':
    case 'shortened':
      return false;
  }
}
