import { OwnerGate } from './owner-gate.js';

/** Enters, and says in which order those who wait were let in. */
function line(gate: OwnerGate): { enter: (owner: string) => Promise<boolean>; log: string[] } {
  const log: string[] = [];
  return {
    log,
    enter: async (owner) => {
      const isIn = await gate.enter(owner);
      log.push(isIn ? owner : `${owner} refused`);
      return isIn;
    },
  };
}

describe('OwnerGate', () => {
  it('lets so many in, of one owner fewer, and others in their turn', async () => {
    const gate = new OwnerGate({ total: 3, perOwner: 2, places: 2 });
    const { enter, log } = line(gate);
    await Promise.all([enter('a'), enter('a')]);
    const waiting = [enter('a'), enter('a'), enter('b'), enter('b')];
    await waiting[2];
    expect(log).toEqual(['a', 'a', 'b']);
    expect(await enter('a')).toBe(false);
    gate.leave('a');
    gate.leave('b');
    gate.leave('a');
    await Promise.all(waiting);
    expect(log.slice(4)).toEqual(['a', 'b', 'a']);
    expect(gate.inside).toBe(3);
    for (const owner of ['a', 'a', 'b']) gate.leave(owner);
    expect(gate.inside).toBe(0);
  });

  it('gives places to owners by turns, not to who waits most', async () => {
    const gate = new OwnerGate({ total: 1, perOwner: 1, places: 10 });
    const { enter, log } = line(gate);
    await enter('a');
    const all = [...'aaabbc'].map((owner) => enter(owner));
    for (const owner of 'abcaba') {
      gate.leave(owner);
      await Promise.resolve();
      await new Promise(setImmediate);
    }
    await Promise.all(all);
    expect(log.slice(1).slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
  });
});
