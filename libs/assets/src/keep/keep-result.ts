import type { KeptFile } from './asset-table.js';

/**
 * How a fetch ended. `contended`: another process holds the asset's lease, or too many fetches are under way here; the
 * caller reads the row again · `unwritable`: the store cannot be written to · `stopped`: the process is shutting down
 */
export type KeepResult =
  | { kind: 'kept'; file: KeptFile }
  | { kind: 'failed'; late: boolean }
  | { kind: 'contended' }
  | { kind: 'unwritable' }
  | { kind: 'stopped' };
