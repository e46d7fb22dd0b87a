import type { Snapshot } from '#libs/upstream';
import { standIn } from '../support/stand-in.js';
import { until } from '../support/until.js';
import type { ContractBench } from './contract-bench.js';

/** A bench for each test of a block: made before it, closed with its adapter after it. */
export function useBench<Bench extends ContractBench>(makeBench: () => Promise<Bench>): Bench {
  let made: Bench | undefined;
  beforeEach(async () => {
    made = await makeBench();
  });
  afterEach(async () => {
    await made?.adapter.close();
    await made?.close();
  });
  return standIn('bench', () => made);
}

/** The task of a bench once it has ended, well or not, as the adapter reads it. */
export function endOf({ adapter, target }: ContractBench, id: string): Promise<Snapshot> {
  return until('the end of the task', async () => {
    const snapshot = await adapter.fetch(target, id);
    return snapshot?.status === 'SUCCESS' || snapshot?.status === 'FAILURE' ? snapshot : null;
  });
}
