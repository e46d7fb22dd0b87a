import type { Lack } from './contract-bench.js';

const TOB = [
  'swap',
  'upload',
  'no_account',
  'exists',
  'batches',
  'upstream-window',
  'cancel',
  'complete-list',
] as const;

/** What vendors do not have, whether a scripted server or the simulator stands for them. */
export const VENDOR_LACKS = {
  apimart: [
    ...(['shorten', 'retexture', 'swap', 'upload'] as const),
    ...(['mark', 'batches', 'seed', 'cancel', 'recent', 'complete-list'] as const),
  ],
  youchuan: [...TOB, 'describe', 'shorten', 'mark'],
  legnext: TOB,
} as const satisfies Record<string, readonly Lack[]>;
