/** Task actions as midjourney-proxy names them; an open set on the wire, closed here. */
export type Action =
  | 'IMAGINE'
  | 'BLEND'
  | 'DESCRIBE'
  | 'SHORTEN'
  | 'UPSCALE'
  | 'UPSCALE_HD'
  | 'VARIATION'
  | 'REROLL'
  | 'ZOOM'
  | 'PAN'
  | 'VIDEO'
  | 'EDIT'
  | 'RETEXTURE'
  | 'SWAP_FACE';

export type Status = 'NOT_START' | 'SUBMITTED' | 'MODAL' | 'IN_PROGRESS' | 'SUCCESS' | 'FAILURE' | 'CANCEL';
export type Mode = 'RELAX' | 'FAST' | 'TURBO';
export type BotType = 'MID_JOURNEY' | 'NIJI_JOURNEY' | 'INSIGHT_FACE';

/** A button under a finished picture; `type` is always 2 (a Discord button), `style` 2 is grey. */
export interface Button {
  readonly customId: string;
  readonly emoji: string;
  readonly label: string;
  readonly style: number;
  readonly type: 2;
}

/** What is looked up by a submit's `botType`: any unknown word means Midjourney's own bot. */
export const botTypeOf = (word: string | null): BotType =>
  word === 'niji' || word === 'NIJI_JOURNEY' ? 'NIJI_JOURNEY' : 'MID_JOURNEY';

/** A mode written in any case, or null. */
export function modeOf(word: string | null): Mode | null {
  const upper = word?.toUpperCase();
  return upper === 'RELAX' || upper === 'FAST' || upper === 'TURBO' ? upper : null;
}
