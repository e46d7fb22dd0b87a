import { gridPlaces } from '#libs/wire';
import { sleep } from '#libs/runtime';
import type { AssetKey } from './asset.entity.js';
import type { AssetTable } from './asset-table.js';
import type { KeepResult } from './keep-result.js';

/** Time between two looks at a picture that another process fetches, ms. */
const LOOK_AGAIN_MS = 500;

/** The single pictures that a composed grid is made of; null: the asset is no such grid. */
export function singlesOf({ taskId, sourceUrl }: AssetKey & { sourceUrl: string }): AssetKey[] | null {
  const places = gridPlaces(sourceUrl);
  return places?.flatMap((n) => (n === null ? [] : [{ taskId, kind: 'image', n }])) ?? null;
}

/** The same assets with composed grids last, so that a grid finds the fetches of its single pictures under way. */
export function singlesFirst<T extends AssetKey & { sourceUrl: string }>(assets: readonly T[]): T[] {
  const isGrid = (asset: T): boolean => singlesOf(asset) !== null;
  return [...assets.filter((asset) => !isGrid(asset)), ...assets.filter(isGrid)];
}

/** How single pictures are settled, each kept or given up, before their grid is composed. */
export interface SinglesOptions {
  table: AssetTable;
  keepNow: (key: AssetKey) => Promise<KeepResult>;
  /** How long to wait for a picture that another process fetches, ms. */
  waitMs: number;
  signal: AbortSignal;
}

/** Keeps the pictures that are still wanted. `late`, `missing`: one of them could not be kept now. */
export async function settleSingles(
  singles: readonly AssetKey[],
  options: SinglesOptions,
): Promise<'settled' | 'late' | 'missing'> {
  const found = await Promise.all(singles.map((key) => settle(key, options)));
  return found.find((one) => one === 'late') ?? found.find((one) => one === 'missing') ?? 'settled';
}

async function settle(
  key: AssetKey,
  { table, keepNow, waitMs, signal }: SinglesOptions,
): Promise<'settled' | 'late' | 'missing'> {
  const giveUpAt = performance.now() + waitMs;
  for (;;) {
    if ((await table.find(key))?.state !== 'wanted') return 'settled';
    const result = await keepNow(key);
    if (result.kind === 'kept') return 'settled';
    if (result.kind === 'failed') return result.late ? 'late' : 'missing';
    if (result.kind !== 'contended' || signal.aborted || performance.now() >= giveUpAt) return 'missing';
    await sleep(LOOK_AGAIN_MS, signal);
  }
}
