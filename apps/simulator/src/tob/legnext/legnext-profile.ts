import { randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';
import { isSame } from '../../http/authorize.js';
import { SHARED_OPERATIONS } from '../operation-names.js';
import { type TobProfile } from '../profile.js';
import { Refusal } from '../tob-refusal.js';
import { mountLegnextAccount } from './legnext-account-routes.js';
import { allowFollowUp, DEFAULT_MODEL, judgeText } from './legnext-rules.js';
import { legnextTask } from './legnext-task.js';

/** Refusals that concern the account come in an envelope of their own. */
const OF_ACCOUNT = new Set([401, 402, 403, 429]);

/** LegNext: the same fields, words for statuses, a queue behind six places, jobs that tell what can be done with them. */
export const LEGNEXT: TobProfile = {
  name: 'legnext',
  base: '/api/v1',
  limits: { concurrency: 6, queues: true },
  early: 0,
  model: DEFAULT_MODEL,
  operations: new Set([...SHARED_OPERATIONS, 'blend', 'describe', 'shorten']),
  lostLink: 'Invalid image link',
  extendNeedsPrompt: false,
  maskSides: { least: 500, most: 4_096 },
  // The sources do not say whether the version stands before an account's paths.
  accountBases: ['/api/v1', '/api'],
  newId: () => randomUUID(),
  admit,
  judge: judgeText,
  allow: allowFollowUp,
  view: legnextTask,
  envelope: (refusal, other) => {
    const body = { code: refusal.http, message: refusal.message, raw_message: refusal.reason, detail: null };
    return OF_ACCOUNT.has(refusal.http) === other ? body : { error: body };
  },
  mountAccount: mountLegnextAccount,
};

function admit(headers: IncomingHttpHeaders, secret: string | null): void {
  const shown = headers['x-api-key'];
  const known = secret === null || (typeof shown === 'string' && isSame(shown, secret));
  if (!known) throw new Refusal('Invalid_App_Identifier', 'invalid api key');
}
