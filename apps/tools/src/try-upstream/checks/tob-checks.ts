import { isSameSend } from '#libs/tracking';
import { judged, NotTriedError } from '../finding.js';
import { fieldOf } from '../recording-http.js';
import { CALLBACK_CHECKS } from './callback-checks.js';
import type { Checks } from './check.js';
import { describeOutput, shortenOutput, videoOutputs } from './output-checks.js';
import { listedAtOnce, seedShown, usualChecks } from './usual-checks.js';

const COMMON: Checks = {
  ...CALLBACK_CHECKS,
  'listed-at-once': listedAtOnce,
  'seed-shown': seedShown(true),
  'video-outputs': videoOutputs,
};

export const YOUCHUAN_CHECKS: Checks = {
  ...usualChecks('0'.repeat(24)),
  ...COMMON,
  'text-echo': async (trial) => {
    const { sentAt } = await trial.begun();
    const { snapshot } = await trial.grid();
    const isSame = isSameSend({ prompt: trial.terms.prompt, sentAt, submittedAt: sentAt }, snapshot);
    return judged(isSame, isSame ? 'the text that was sent' : 'another text, or an earlier time');
  },
};

export const LEGNEXT_CHECKS: Checks = {
  ...usualChecks('00000000-0000-4000-8000-000000000000'),
  ...COMMON,
  'actions-listed': async (trial) => {
    const names = Object.keys(fieldOf(fieldOf((await trial.grid()).raw, 'output'), 'available_actions'));
    return judged(names.length > 0, names.filter((name) => /^\w{1,30}$/.test(name)).join(', ') || 'none');
  },
  'callback-echo': async (trial) => {
    const { callbackUrl } = trial.terms;
    if (callbackUrl === null) throw new NotTriedError('there is no --callback-url');
    const endpoint = fieldOf(fieldOf((await trial.grid()).raw, 'config'), 'webhook_config')['endpoint'];
    const isThere = typeof endpoint === 'string' && endpoint !== '';
    return judged(
      endpoint === callbackUrl,
      !isThere ? 'no address' : endpoint === callbackUrl ? 'unchanged' : 'changed',
    );
  },
  'describe-output': describeOutput,
  'shorten-output': shortenOutput,
};
