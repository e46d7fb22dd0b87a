import { UpstreamCallError } from '#libs/upstream';
import { differs, expected, judged, NotTriedError, shown } from '../finding.js';
import { outcomeInWords, type Trial } from '../trial.js';
import type { Checks } from './check.js';

const WRONG = 'journeyman-wrong-secret';

/** What every kind is tried for. `nobody`: an id of the kind's form that no task has. */
export function usualChecks(nobody: string): Checks {
  return {
    'wrong-secret': async ({ adapter, up }) => {
      if (up.secret === null) throw new NotTriedError('it has no secret');
      const secret = up.capabilities.secretParts === 2 ? `${WRONG}|${WRONG}` : WRONG;
      const fault = await faultOf(adapter.probe({ ...up, secret }));
      if (fault === null) return differs('the read was answered');
      return judged(fault === 'unauthorized', `the read was declined: ${fault}`);
    },
    'wrong-id': async ({ adapter, up }) => {
      try {
        const found = await adapter.fetch(up, nobody);
        return judged(found === null, found === null ? 'there is no such task' : 'a task came');
      } catch (error) {
        if (!(error instanceof UpstreamCallError)) throw error;
        return differs(`the read failed: ${error.fault}`);
      }
    },
    'known-statuses': async (trial) => {
      const { strange } = await trial.grid();
      const words = [...new Set(strange.map(shown))].join(', ');
      return strange.length === 0 ? expected('no other status') : differs(`status ${words}`);
    },
    'four-pictures': async (trial) => {
      const { imageUrls, imageUrl } = (await trial.grid()).snapshot;
      const isWhole = imageUrls.length === 4 || (imageUrls.length <= 1 && imageUrl !== null);
      const withheld = imageUrls.filter((link) => link === null).length;
      return judged(isWhole, `${imageUrls.length} pictures, ${withheld} of them withheld`);
    },
    'same-body-twice': async (trial) => {
      const { id, again } = await trial.begun();
      if (again === null) throw new NotTriedError('--once was given');
      if (again.kind === 'exists') return differs('the second is told that the work exists');
      if (again.kind !== 'accepted' && again.kind !== 'queued') {
        throw new NotTriedError(`the second was not taken: ${outcomeInWords(again)}`);
      }
      const isOther = again.upstreamTaskIds[0] !== id;
      return judged(isOther, isOther ? 'two tasks' : 'one task for both');
    },
  };
}

/** Whether a list shows a task within seconds. */
export const listedAtOnce = async (trial: Trial): Promise<ReturnType<typeof judged>> => {
  const { listed } = await trial.begun();
  if (listed === null) return differs('it was not in the list for five seconds');
  return judged(
    listed.submitTime !== null,
    listed.submitTime === null ? 'listed without a time' : 'listed with a time',
  );
};

/** Whether a finished task shows its seed, as it should or should not. */
export const seedShown =
  (isExpected: boolean) =>
  async (trial: Trial): Promise<ReturnType<typeof judged>> => {
    const { seed } = (await trial.grid()).snapshot;
    return judged((seed !== null) === isExpected, seed === null ? 'no seed' : 'a seed');
  };

async function faultOf(call: Promise<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof UpstreamCallError) return error.fault;
    throw error;
  }
}
