import type { PromptExpansion, TaskMode } from '#libs/wire';

/**
 * The terms of a key: what its owner may do and spend. Credits are decimal strings with at most six decimals; null: no
 * limit.
 */
export interface KeyTerms {
  name: string;
  /** Credits that are left. */
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
  /** Modes and actions that the key may use; null: all. */
  modes: string[] | null;
  actions: string[] | null;
  /** Kinds of upstreams that may do its work; null: all. */
  upstreamKinds: string[] | null;
  /** CIDR ranges that the key may be used from; null: any address. */
  ipAllow: string[] | null;
  /** From this time on submits are refused; null: never. */
  expiresAt: Date | null;
  /** Mode of submits that name none; null: DEFAULT_MODE. */
  defaultMode: TaskMode | null;
  /** Hook of submits that name none. */
  notifyHook: string | null;
  notifyEvents: 'all' | 'terminal';
  promptLint: 'off' | 'warn' | 'strict';
  /** How prompts that expand to several jobs are handled; null: PROMPT_EXPANSION. */
  promptExpansion: PromptExpansion | null;
  /** How often a task is sent again after a retryable failure, 0 to 2, where its submit does not say. */
  retries: number;
}

/** A key as operators see it. All its numbers are of one snapshot and agree with the ledger. */
export interface KeyRecord extends KeyTerms {
  id: string;
  /** Public beginning of the key. */
  prefix: string;
  /** Sum of the key's ledger, also where `credits` is null. */
  balance: string;
  /** Credits kept by finished tasks. */
  spent: string;
  /** Credits held or kept in this UTC month, refunds taken off. */
  spentThisMonth: string;
  /** Credits held by unfinished ones. */
  held: string;
  /** Unfinished tasks: waiting ones count, modals that wait for their client do not. */
  running: number;
  createdAt: Date;
  revokedAt: Date | null;
  /** Last request, to about a minute. */
  lastUsedAt: Date | null;
}

/** Terms of a new key that its creator does not name. */
export const DEFAULT_TERMS: Omit<KeyTerms, 'name'> = {
  credits: null,
  maxConcurrent: null,
  requestsPerMinute: null,
  queueLimit: null,
  dailyTasks: null,
  monthlySpend: null,
  modes: null,
  actions: null,
  upstreamKinds: null,
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
  upstreamKinds: 'upstream_kinds',
  ipAllow: 'ip_allow',
  expiresAt: 'expires_at',
  defaultMode: 'default_mode',
  notifyHook: 'notify_hook',
  promptLint: 'prompt_lint',
  promptExpansion: 'prompt_expansion',
  retries: 'retries',
} as const satisfies Partial<Record<keyof KeyTerms, string>>;

/** The columns of `account` that terms set; terms that are not named are left out. */
export function limitColumns(terms: Partial<KeyTerms>): Record<string, unknown> {
  return pick(terms, LIMITS);
}

/** The columns of `api_key` that terms set; terms that are not named are left out. */
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
