import { UpstreamCallError } from '#libs/upstream';
import { parseCustomId } from '#libs/wire';
import { differs, judged } from '../finding.js';
import type { Checks } from './check.js';
import { listedAtOnce, usualChecks } from './usual-checks.js';

export const PROXY_CHECKS: Checks = {
  ...usualChecks('1000000000000000'),
  'state-echo': async (trial) => {
    const { state } = (await trial.grid()).snapshot;
    return judged(state === trial.state, state === null ? 'no state' : 'a state');
  },
  'recent-list': listedAtOnce,
  'batch-read': async (trial) => {
    const { id } = await trial.grid();
    try {
      const found = await trial.adapter.fetchMany(trial.up, [id]);
      return judged(found.length === 1, `${found.length} of one task`);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return differs(`the read failed: ${error.fault}`);
    }
  },
  picks: async (trial) => {
    const { id, snapshot } = await trial.grid();
    const button = snapshot.buttons.find(({ customId }) => {
      const parsed = parseCustomId(customId);
      return parsed.kind === 'button' && parsed.action === 'UPSCALE';
    });
    if (button === undefined) return differs('there is no such button');
    const { customId } = button;
    const work = { kind: 'action', upstreamTaskId: id, customId, enableRemix: false, chooseSameChannel: true } as const;
    const { imageUrl } = (await trial.follow(await trial.accepted(work))).snapshot;
    return judged(imageUrl !== null, imageUrl === null ? 'no picture' : 'one picture');
  },
};
