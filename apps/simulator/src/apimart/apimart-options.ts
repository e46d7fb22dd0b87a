/** How the APIMart dialect is set up; everything has a default. Times are ms. */
export interface ApimartOptions {
  /** Further keys that are accepted beside the simulator's secret, each with tasks of its own. */
  readonly otherKeys?: readonly string[];
  /** How long a window waits for its /modal; 30 min by default, then the task is cancelled and refunded. */
  readonly windowMs?: number;
  /** How long a task may take; 30 min by default, then it fails as timed out. */
  readonly taskMs?: number;
  /** How long a task can be read; 3 days by default, then it is unknown. Its pictures stay. */
  readonly retentionMs?: number;
  /** Submits that a key may make in a minute; null, the default, is no cap. */
  readonly perMinute?: number | null;
  /** What a mask means: white is repainted (the default) or kept. */
  readonly masks?: 'white-repaints' | 'white-keeps';
  /** Whether reads give `metadata` back; off by default, because nobody has seen it. */
  readonly echoesMetadata?: boolean;
}

export type ApimartSettings = Required<ApimartOptions>;

const MINUTE = 60_000;

export const apimartSettings = (options: ApimartOptions = {}): ApimartSettings => ({
  otherKeys: options.otherKeys ?? [],
  windowMs: options.windowMs ?? 30 * MINUTE,
  taskMs: options.taskMs ?? 30 * MINUTE,
  retentionMs: options.retentionMs ?? 3 * 24 * 60 * MINUTE,
  perMinute: options.perMinute ?? null,
  masks: options.masks ?? 'white-repaints',
  echoesMetadata: options.echoesMetadata ?? false,
});
