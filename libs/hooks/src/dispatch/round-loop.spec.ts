import { RoundLoop, type RoundMode } from './round-loop.js';

/** A loop whose rounds end one by one, at `end`. */
function heldLoop(): { loop: RoundLoop; rounds: [RoundMode, readonly string[]][]; end: () => Promise<void> } {
  const rounds: [RoundMode, readonly string[]][] = [];
  const held: (() => void)[] = [];
  const loop = new RoundLoop((mode, keys) => {
    rounds.push([mode, keys]);
    return new Promise((resolve) => held.push(resolve));
  });
  const end = async (): Promise<void> => {
    held.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { loop, rounds, end };
}

describe('RoundLoop', () => {
  it('begins a round at once, and merges the requests that come meanwhile into one more of their highest mode', async () => {
    const { loop, rounds, end } = heldLoop();
    loop.request('claim');
    expect(rounds).toEqual([['claim', []]]);
    loop.request('sweep');
    loop.request('claim');
    loop.refill('7');
    loop.refill('8');
    loop.refill('7');
    expect(rounds).toHaveLength(1);
    await end();
    expect(rounds.slice(1)).toEqual([['sweep', ['7', '8']]]);
    await end();
    expect(rounds).toHaveLength(2);
    loop.refill('9');
    expect(rounds.slice(2)).toEqual([['refill', ['9']]]);
    await end();
  });

  it('begins no round after it was stopped, and stops when the one that runs has ended', async () => {
    const { loop, rounds, end } = heldLoop();
    loop.request('claim');
    loop.request('claim');
    let isStopped = false;
    const stopped = loop.stop().then(() => (isStopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).toBe(false);
    await end();
    await stopped;
    loop.request('sweep');
    expect(rounds).toEqual([['claim', []]]);
  });
});
