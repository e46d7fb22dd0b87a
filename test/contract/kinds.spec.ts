import { readdir, readFile } from 'node:fs/promises';
import { UPSTREAM_KINDS } from '#libs/upstream';

const HERE = 'test/contract';

describe('the contract of upstream adapters', () => {
  it.each(UPSTREAM_KINDS)('is held against the simulator and a scripted server for %s', async (kind) => {
    const files = await readdir(HERE);
    for (const bench of [`${kind}-simulator.spec.ts`, `${kind}-scripted.spec.ts`]) {
      expect(files).toContain(bench);
      const text = await readFile(`${HERE}/${bench}`, 'utf8');
      expect([bench, text.includes('describeUpstreamAdapter(')]).toEqual([bench, true]);
    }
  });
});
