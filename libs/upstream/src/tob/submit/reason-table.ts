import type { FaultScope, OperatorFault } from '../../port/outcome.js';

/** What a vendor's word for a failure means for the work. */
export type ReasonMeaning =
  | { kind: 'banned' | 'full' | 'refused' | 'missing' }
  /** `scope` null: it depends on the work. */
  | { kind: 'fault'; fault: OperatorFault; scope: FaultScope | null }
  | { kind: 'unknown'; isTimeout?: true };

const REFUSED: ReasonMeaning = { kind: 'refused' };
const FULL: ReasonMeaning = { kind: 'full' };

/** The reasons of Youchuan's answers, in lower case and with its own spelling, and as they would be spelled right. */
export const REASONS: ReadonlyMap<string, ReasonMeaning> = new Map<string, ReasonMeaning>([
  ['msg_sensitive', { kind: 'banned' }],
  ['invalid_argument', REFUSED],
  ['invalid_prompt_parameter', REFUSED],
  ['cancel_job_not_runnig', REFUSED],
  ['cancel_job_not_running', REFUSED],
  ['job_reupscale_not_support', REFUSED],
  ['upscale_not_support', REFUSED],
  ['not_support', REFUSED],
  ['invalid_app_identifier', { kind: 'fault', fault: 'unauthorized', scope: 'upstream' }],
  // No work is sent as relax: an account that takes other work for it takes none.
  ['no_more_relax_credit', { kind: 'fault', fault: 'payment_required', scope: 'upstream' }],
  ['relax_not_allow', { kind: 'fault', fault: 'forbidden', scope: 'upstream' }],
  ['account_fee_not_enough', { kind: 'fault', fault: 'payment_required', scope: 'upstream' }],
  ['permission_denied', { kind: 'fault', fault: 'forbidden', scope: null }],
  ['no_avaliable_plan', { kind: 'fault', fault: 'forbidden', scope: 'upstream' }],
  ['no_available_plan', { kind: 'fault', fault: 'forbidden', scope: 'upstream' }],
  ['max_concurrent_limited', FULL],
  ['server_busy', FULL],
  ['request_timout', { kind: 'unknown', isTimeout: true }],
  ['request_timeout', { kind: 'unknown', isTimeout: true }],
  ['internal_server_error', { kind: 'unknown' }],
]);
