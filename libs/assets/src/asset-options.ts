/** Limits of fetching and keeping pictures. */
export interface AssetOptions {
  /** Whether this process runs the job that keeps pictures; a GET keeps what it asks for either way. */
  enabled: boolean;
  /** Longest picture kept, bytes. */
  maxImageBytes: number;
  /** Longest video kept, bytes. */
  maxVideoBytes: number;
  /** One download from the look-up of its host to its last byte, ms. */
  downloadMs: number;
  /** How long a GET waits for a picture that is not kept yet, ms. */
  waitMs: number;
  /** Pictures older than so many days are deleted; 0: they are kept for ever. */
  keepDays: number;
}

export const ASSET_DEFAULTS: Omit<AssetOptions, 'enabled'> = {
  maxImageBytes: 50 * 1024 * 1024,
  maxVideoBytes: 200 * 1024 * 1024,
  downloadMs: 30_000,
  waitMs: 20_000,
  keepDays: 0,
};
