import { imagine } from '../../libs/upstream/test/commands.js';
import type { ContractBench, Lack } from './contract-bench.js';
import { ContractSession } from './contract-session.js';
import { describeKind } from './kind-contract.js';
import { describeReads } from './read-contract.js';
import { describeSubmit } from './submit-contract.js';

/**
 * The contract of every UpstreamAdapter, whatever wire it speaks: registers its jest tests. To hold another adapter to
 * it, add one spec file that calls this with a bench of it; nothing here changes for that. `lacks` names what that
 * upstream does not have: a kind it lacks must be declined, as must a seed, a cancellation and a list of recent tasks;
 * a situation it cannot be in is not asked for.
 */
export function describeUpstreamAdapter(
  name: string,
  make: () => Promise<ContractBench>,
  lacks: readonly Lack[] = [],
): void {
  describe(`${name} keeps the contract of an upstream adapter`, () => {
    const at = new ContractSession(make, lacks);
    beforeEach(() => at.begin());
    afterEach(() => at.end());

    describeKind(at);
    describeSubmit(at);
    describeReads(at);

    it('a secret that the upstream does not take is the gateway’s fault, and no task is gone for it', async () => {
      const id = await at.bench.running(at.nextContext());
      const { locked } = at.bench;
      await expect(at.submit(imagine('a fox'), at.nextContext(), locked)).resolves.toMatchObject({
        kind: 'nothing_done',
        scope: 'upstream',
      });
      await expect(at.bench.adapter.fetch(locked, id)).rejects.toMatchObject({ fault: 'unauthorized' });
      if (at.has('batches'))
        await expect(at.bench.adapter.fetchMany(locked, [id])).rejects.toMatchObject({ fault: 'unauthorized' });
      await expect(at.bench.adapter.probe(locked)).rejects.toMatchObject({ fault: 'unauthorized' });
    });

    it('close ends what is under way, may be called again, and after nothing', async () => {
      await at.bench.running(at.nextContext());
      if (at.has('hang')) {
        const underWay = at.submit(await at.bench.meet('hang'));
        await at.bench.adapter.close();
        expect(['unknown', 'nothing_done']).toContain((await underWay).kind);
      }
      await expect(at.bench.adapter.close()).resolves.toBeUndefined();
      await expect(at.bench.adapter.close()).resolves.toBeUndefined();
    });
  });
}
