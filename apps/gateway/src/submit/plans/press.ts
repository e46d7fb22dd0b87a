import { parseCustomId, resolveCustomId } from '#libs/wire';

/** One of the three changes that midjourney-proxy knew before it had buttons. `index` 1..4; null for REROLL. */
export type Change = { action: 'UPSCALE' | 'VARIATION'; index: number } | { action: 'REROLL'; index: null };

/** What a client wants pressed: a button by its customId, or a change by its name. */
export type Order = { kind: 'button'; customId: string } | { kind: 'change'; change: Change };

/** How it is put to the upstream of the parent, which knows buttons or only changes. */
export type Press = Order;

interface Button {
  customId: string;
}

const PICTURES = 4;
/** The buttons that do the same as a change; a video's upscale has another verb. */
const CHANGE_KEY = /^(?:upsample|variation|reroll)::/;

/**
 * What to press on a parent with these buttons. Where it has buttons a change becomes the button of that kind and index;
 * where it has none, the button of a change becomes that change. What has no counterpart is sent as it is.
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
