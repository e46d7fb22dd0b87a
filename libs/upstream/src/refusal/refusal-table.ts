import { ADDRESS, BANS, KEY, MISSING_ROUTE, MONEY, PLAN, MONEY_AMOUNTS } from './account-texts.js';
import { BUSY, CONTENT, INPUT, NO_ACCOUNT, PARENT } from './client-texts.js';
import type { Meaning, Pattern } from './refusal-pattern.js';

/**
 * Patterns by their subject. The first that matches counts, so narrow patterns stand before wide ones: texts about bans mention
 * banned words, texts that ask to retry later mention plans, and texts about pictures that could not be fetched mention
 * "403 forbidden".
 */
export const PATTERNS: readonly Pattern[] = [
  ...BANS,
  ...CONTENT,
  ...BUSY,
  ...MONEY,
  ...MISSING_ROUTE,
  ...INPUT,
  ...PARENT,
  ...NO_ACCOUNT,
  ...KEY,
  ...PLAN,
  ...ADDRESS,
  ...MONEY_AMOUNTS,
];

/** Names of kinds of errors in `error.type`, `error.code`, `code`, `type` or `reason` of answers, in lower case. */
export const NAMES: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...names({ subject: 'content' }, [
    'content_policy_violation',
    'content_filter',
    'content_filtered',
    'content_moderation',
    'sensitive_words_detected',
    'prompt_blocked',
    'moderation_blocked',
    'moderation',
    'image_generation_user_error',
    'msg_sensitive',
    'safety',
  ]),
  ...names({ subject: 'full' }, ['rate_limit_error', 'rate_limit_exceeded', 'too_many_requests', 'overloaded_error']),
  ...names({ subject: 'parent' }, ['task_not_found', 'task_no_found', 'job_not_found']),
  ...names({ subject: 'no_account' }, ['no_available_channel', 'get_channel_failed']),
  ...names({ subject: 'payment_required', scope: 'upstream' }, [
    'insufficient_quota',
    'insufficient_user_quota',
    'insufficient_balance',
    'insufficient_credits',
    'pre_consume_token_quota_failed',
    'token_quota_exhausted',
    'quota_exceeded',
    'quota_not_enough',
    'billing_error',
    'billing_hard_limit_reached',
    'billing_not_active',
    'payment_required',
  ]),
  ...names({ subject: 'unauthorized', scope: 'upstream' }, [
    'invalid_api_key',
    'authentication_error',
    'unauthorized',
    'invalid_token',
    'token_expired',
    'invalid_authentication',
  ]),
  ...names({ subject: 'forbidden', scope: 'upstream' }, [
    'account_deactivated',
    'account_disabled',
    'user_banned',
    'account_suspended',
    'unsupported_country_region_territory',
  ]),
  ...names({ subject: 'forbidden', scope: 'work' }, [
    'permission_error',
    'permission_denied',
    'access_denied',
    'forbidden',
    'model_not_found',
    'model_price_error',
    'insufficient_permissions',
  ]),
]);

function names(meaning: Meaning, list: readonly string[]): [string, Meaning][] {
  return list.map((name) => [name, meaning]);
}
