/** What a task does. Clients treat it as an open set; prices and limits are kept per action. */
export const TASK_ACTIONS = [
  'IMAGINE',
  'BLEND',
  'DESCRIBE',
  'SHORTEN',
  'UPSCALE',
  'UPSCALE_HD',
  'VARIATION',
  'LOW_VARIATION',
  'HIGH_VARIATION',
  'REROLL',
  'ZOOM',
  'CUSTOM_ZOOM',
  'PAN',
  'INPAINT',
  'MODAL',
  'EDITS',
  'RETEXTURE',
  'VIDEO',
  'UPLOAD',
  'SWAP_FACE',
  'REMIX',
  'ENHANCE',
  'REMOVE_BACKGROUND',
  'VIDEO_UPSCALE',
  'ACTION',
] as const;
export type TaskAction = (typeof TASK_ACTIONS)[number];

/** The speeds of Midjourney. The mode that is billed is the mode that is sent. */
export const TASK_MODES = ['RELAX', 'FAST', 'TURBO'] as const;
export type TaskMode = (typeof TASK_MODES)[number];

/** Reads a mode in any case; null for anything else. */
export function parseMode(text: string): TaskMode | null {
  const upper = text.trim().toUpperCase();
  return TASK_MODES.find((mode) => mode === upper) ?? null;
}

/**
 * What becomes of a prompt that is several jobs: a task for each, a refusal, or one task that is sent as it is and pays
 * for all.
 */
export const PROMPT_EXPANSIONS = ['expand', 'refuse', 'pass'] as const;
export type PromptExpansion = (typeof PROMPT_EXPANSIONS)[number];

/** How often work may be sent again by itself after a failure that is retryable. */
export const MOST_RETRIES = 2;

export const BOT_TYPES = ['MID_JOURNEY', 'NIJI_JOURNEY', 'INSIGHT_FACE'] as const;
export type BotType = (typeof BOT_TYPES)[number];

/** Which bot a client means: `mj`, `niji` and the long names; anything else is Midjourney's own. */
export function parseBotType(text: string | undefined): BotType {
  return text === 'niji' || text === 'NIJI_JOURNEY' ? 'NIJI_JOURNEY' : 'MID_JOURNEY';
}

/** Why a task ended without a result; `failure.kind` of the task object and `fail_code` of its row. */
export const FAIL_CODES = [
  'refused',
  'banned',
  'upstream_failed',
  'timeout',
  'missing',
  'outcome_unknown',
  'queue_timeout',
  'input_unavailable',
  'cancelled',
  'admin',
] as const;
export type FailCode = (typeof FAIL_CODES)[number];

const RETRYABLE: ReadonlySet<FailCode> = new Set([
  'upstream_failed',
  'timeout',
  'missing',
  'outcome_unknown',
  'queue_timeout',
  'input_unavailable',
]);

/** Whether sending the same work again may succeed. */
export function isRetryable(code: FailCode): boolean {
  return RETRYABLE.has(code);
}
