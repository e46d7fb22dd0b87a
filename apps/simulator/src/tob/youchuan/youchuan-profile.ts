import { randomBytes } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';
import { isSame } from '../../http/authorize.js';
import { SHARED_OPERATIONS } from '../operation-names.js';
import { type TobProfile } from '../profile.js';
import { Refusal } from '../tob-refusal.js';
import { mountYouchuanAccount } from './youchuan-account-routes.js';
import { youchuanJob } from './youchuan-job.js';
import { allowFollowUp, DEFAULT_MODEL, judgeText } from './youchuan-rules.js';

/** Youchuan, Midjourney's licensee in China: numbers for statuses, no queue, success before its links. */
export const YOUCHUAN: TobProfile = {
  name: 'youchuan',
  base: '/v1/tob',
  limits: { concurrency: 960, queues: false },
  early: 1,
  model: DEFAULT_MODEL,
  operations: new Set(SHARED_OPERATIONS),
  lostLink: 'InvalidImagePromptLink',
  extendNeedsPrompt: true,
  maskSides: { least: 1, most: 16_384 },
  accountBases: ['/v1/tob'],
  newId: () => randomBytes(12).toString('hex'),
  admit,
  judge: judgeText,
  allow: allowFollowUp,
  view: youchuanJob,
  envelope: (refusal) => ({ code: refusal.http, message: refusal.message, reason: refusal.reason }),
  mountAccount: mountYouchuanAccount,
};

function admit(headers: IncomingHttpHeaders, secret: string | null): void {
  const [app, shown] = [headers['x-youchuan-app'], headers['x-youchuan-secret']];
  const known =
    secret === null || (typeof shown === 'string' && isSame(shown, secret) && app !== undefined && app !== '');
  if (!known) throw new Refusal('Invalid_App_Identifier', 'invalid app or secret');
}
