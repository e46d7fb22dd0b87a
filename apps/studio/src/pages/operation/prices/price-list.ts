import type { Schemas } from '../../../api/client.ts';

export type Price = Schemas['PriceDto'];
export const PRICE_MODES = ['RELAX', 'FAST', 'TURBO', '*'] as const;
export type PriceMode = (typeof PRICE_MODES)[number];

/** Prices as typed, by action and mode: `IMAGINE FAST`. '' : no price of its own. */
export type PriceDraft = Record<string, string>;

export function cellOf(action: string, mode: string): string {
  return `${action} ${mode}`;
}

/** Prices as the form holds them, without needless zeros. */
export function draftOf(prices: readonly Price[]): PriceDraft {
  return Object.fromEntries(prices.map(({ action, mode, price }) => [cellOf(action, mode), plain(price)]));
}

/** What was changed: before and after; '' : no price. */
export interface PriceChange {
  action: string;
  mode: string;
  before: string;
  after: string;
}

/** What the form changes of what is stored. Prices that are written otherwise but equal are no change. */
export function changesOf(stored: PriceDraft, draft: PriceDraft): PriceChange[] {
  return [...new Set([...Object.keys(stored), ...Object.keys(draft)])].flatMap((cell) => {
    const [action = '', mode = ''] = cell.split(' ');
    const [before, after] = [stored[cell] ?? '', plain(draft[cell] ?? '')];
    return before === after ? [] : [{ action, mode, before, after }];
  });
}

/** The list as the gateway takes it. */
export function listOf(draft: PriceDraft): { action: string; mode: string; price: string }[] {
  return Object.entries(draft).flatMap(([cell, price]) => {
    const [action = '', mode = ''] = cell.split(' ');
    return price.trim() === '' ? [] : [{ action, mode, price: plain(price) }];
  });
}

/** Whether a text is a price that the gateway takes, or empty. */
export function isPrice(text: string): boolean {
  return text.trim() === '' || (/^\d{1,7}(?:\.\d{1,6})?$/.test(text.trim()) && Number(text) <= 1_000_000);
}

function plain(price: string): string {
  const text = price.trim();
  return isPrice(text) && text !== '' ? String(Number(text)) : text;
}
