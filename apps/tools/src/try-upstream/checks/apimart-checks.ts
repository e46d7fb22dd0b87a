import { judged } from '../finding.js';
import { objectIn } from '../recording-http.js';
import type { Checks } from './check.js';
import { maskPolarity } from './mask-check.js';
import { describeOutput, videoOutputs } from './output-checks.js';
import { seedShown, usualChecks } from './usual-checks.js';

export const APIMART_CHECKS: Checks = {
  ...usualChecks('task_00000000000000000000000001'),
  'metadata-echo': async (trial) => {
    const metadata = (await trial.grid()).raw['metadata'] ?? null;
    return judged(metadata === null, metadata === null ? 'no metadata' : 'metadata');
  },
  'v8-buttons': async (trial) => {
    const given = (await trial.grid()).raw['buttons'];
    const { length } = Array.isArray(given) ? given : [];
    return judged(length > 0, `${length} buttons`);
  },
  'unified-form': async (trial) => {
    const { id } = await trial.grid();
    const answer = await trial.http.get(trial.up, `/v1/tasks/${encodeURIComponent(id)}`);
    const isThere = answer.status === 200 && typeof objectIn(answer)['status'] === 'string';
    return judged(isThere, isThere ? 'it shows the task' : `HTTP ${answer.status}`);
  },
  'seed-shown': seedShown(false),
  'describe-output': describeOutput,
  'video-outputs': videoOutputs,
  'mask-polarity': maskPolarity,
};
