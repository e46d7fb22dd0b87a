import type { PromptExpansion, TaskMode } from '#libs/wire';

/** What a key may do and spend. Credits are decimal strings with at most six decimals; null is no limit everywhere. */
export interface KeyTerms {
  name: string;
  /** What is left. */
  credits: string | null;
  /** Most unfinished tasks at once. */
  maxConcurrent: number | null;
  /** Most submits in a minute. */
  requestsPerMinute: number | null;
  /** Most waiting tasks; null: QUEUE_LIMIT. */
  queueLimit: number | null;
  /** Most tasks in a UTC day. */
  dailyTasks: number | null;
  /** Most credits in a UTC month. */
  monthlySpend: string | null;
  /** Modes and actions it may use; null: all. */
  modes: string[] | null;
  actions: string[] | null;
  /** CIDRs it may be used from; null: anywhere. */
  ipAllow: string[] | null;
  /** From then on submits are refused; null: never. */
  expiresAt: Date | null;
  /** Mode of a submit that names none; null: DEFAULT_MODE. */
  defaultMode: TaskMode | null;
  /** Hook of submits that name none. */
  notifyHook: string | null;
  notifyEvents: 'all' | 'terminal';
  promptLint: 'off' | 'warn' | 'strict';
  /** What becomes of prompts that are several jobs; null: PROMPT_EXPANSION. */
  promptExpansion: PromptExpansion | null;
  /** How often work is sent again after a failure that is retryable, 0 to 2, where its submit names nothing. */
  retries: number;
}

/** A key as operators see it. Every number is of one moment and agrees with the ledger. */
export interface KeyRecord extends KeyTerms {
  id: string;
  /** Public beginning of the key. */
  prefix: string;
  /** Sum of its ledger, also where `credits` is null. */
  balance: string;
  /** Credits kept by finished tasks. */
  spent: string;
  /** Credits held by unfinished ones. */
  held: string;
  /** Unfinished tasks, waiting ones included; windows that wait for their client not. */
  running: number;
  createdAt: Date;
  revokedAt: Date | null;
  /** Last request, to about a minute. */
  lastUsedAt: Date | null;
}

/** What a term is where a new key names none. */
export const DEFAULT_TERMS: Omit<KeyTerms, 'name'> = {
  credits: null,
  maxConcurrent: null,
  requestsPerMinute: null,
  queueLimit: null,
  dailyTasks: null,
  monthlySpend: null,
  modes: null,
  actions: null,
  ipAllow: null,
  expiresAt: null,
  defaultMode: null,
  notifyHook: null,
  notifyEvents: 'all',
  promptLint: 'warn',
  promptExpansion: null,
  retries: 0,
};

const LIMITS = {
  maxConcurrent: 'max_concurrent',
  requestsPerMinute: 'requests_per_minute',
  queueLimit: 'queue_limit',
  dailyTasks: 'daily_tasks',
  monthlySpend: 'monthly_spend',
} as const satisfies Partial<Record<keyof KeyTerms, string>>;

const TERMS = {
  name: 'name',
  modes: 'modes',
  actions: 'actions',
  ipAllow: 'ip_allow',
  expiresAt: 'expires_at',
  defaultMode: 'default_mode',
  notifyHook: 'notify_hook',
  promptLint: 'prompt_lint',
  promptExpansion: 'prompt_expansion',
  retries: 'retries',
} as const satisfies Partial<Record<keyof KeyTerms, string>>;

/** The columns of `account` that terms set; what is not named is left out. */
export function limitColumns(terms: Partial<KeyTerms>): Record<string, unknown> {
  return pick(terms, LIMITS);
}

/** The columns of `api_key` that terms set; what is not named is left out. */
export function keyColumns(terms: Partial<KeyTerms>): Record<string, unknown> {
  const { notifyEvents } = terms;
  return {
    ...pick(terms, TERMS),
    ...(notifyEvents === undefined ? {} : { notify_terminal_only: notifyEvents === 'terminal' }),
  };
}

function pick(terms: Partial<KeyTerms>, columns: Partial<Record<keyof KeyTerms, string>>): Record<string, unknown> {
  const named = Object.entries(columns).map(([term, column]) => [column, terms[term as keyof KeyTerms]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}
