import { parseCustomId, resolveCustomId } from '#libs/wire';

/** One of the three changes that midjourney-proxy knew before it had buttons. `index` 1..4; null for REROLL. */
export type Change = { action: 'UPSCALE' | 'VARIATION'; index: number } | { action: 'REROLL'; index: null };

/** The follow-up that a client asks for: a button by its customId, or a change by its name. */
export type Order = { kind: 'button'; customId: string } | { kind: 'change'; change: Change };

/** The same follow-up in the form that the parent's upstream understands: some know buttons, some only changes. */
export type Press = Order;

interface Button {
  customId: string;
}

const PICTURES = 4;
/** The buttons that do the same as a change; a video's upscale has another verb. */
const CHANGE_KEY = /^(?:upsample|variation|reroll)::/;

/**
 * Translates a follow-up for a parent with these buttons: a change becomes the button of that kind and index, and for a parent
 * without buttons a button becomes the change it stands for. A follow-up without a counterpart is sent as it came.
 */
export function toPress(order: Order, buttons: readonly Button[]): Press {
  switch (order.kind) {
    case 'button': {
      const change = buttons.length === 0 ? changeOf(order.customId) : null;
      return change === null
        ? { kind: 'button', customId: resolveCustomId(order.customId, buttons) }
        : { kind: 'change', change };
    }
    case 'change': {
      const button = buttons.find(({ customId }) => does(customId, order.change));
      return button === undefined ? order : { kind: 'button', customId: button.customId };
    }
  }
}

function does(customId: string, { action, index }: Change): boolean {
  const button = parseCustomId(customId);
  return button.kind === 'button' && button.action === action && button.index === index;
}

function changeOf(customId: string): Change | null {
  const button = parseCustomId(customId);
  if (button.kind !== 'button' || !CHANGE_KEY.test(button.key)) return null;
  const { action, index } = button;
  if (action === 'REROLL') return { action, index: null };
  if (action !== 'UPSCALE' && action !== 'VARIATION') return null;
  return index !== null && index >= 1 && index <= PICTURES ? { action, index } : null;
}
