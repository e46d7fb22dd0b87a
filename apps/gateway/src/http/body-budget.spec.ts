import { BodyBudget } from './body-budget.js';

const NEVER = new AbortController().signal;

describe('BodyBudget', () => {
  it('lets in what fits, and the others in their order as room comes', async () => {
    const budget = new BodyBudget(100, 10);
    const entered: string[] = [];
    const first = await budget.take(60, NEVER);
    const second = budget.take(60, NEVER).then((room) => (entered.push('second'), room));
    const third = budget.take(10, NEVER).then((room) => (entered.push('third'), room));
    await Promise.resolve();
    expect(entered).toEqual([]);
    first?.leave();
    (await second)?.leave();
    (await third)?.leave();
    expect(entered).toEqual(['second', 'third']);
    expect(budget.inUse).toBe(0);
  });

  it('turns away who finds no place in the line', async () => {
    const budget = new BodyBudget(10, 1);
    const room = await budget.take(10, NEVER);
    const waiting = budget.take(10, NEVER);
    expect(await budget.take(1, NEVER)).toBeNull();
    room?.leave();
    expect(await waiting).not.toBeNull();
  });

  it('lets the next one in when somebody leaves the line', async () => {
    const budget = new BodyBudget(10, 5);
    await budget.take(6, NEVER);
    const leaving = new AbortController();
    const large = budget.take(9, leaving.signal);
    const small = budget.take(4, NEVER);
    leaving.abort();
    expect(await large).toBeNull();
    expect(await small).not.toBeNull();
    expect(budget.inUse).toBe(10);
  });

  it('never lets in somebody who had left before', async () => {
    const budget = new BodyBudget(10, 5);
    const room = await budget.take(10, NEVER);
    expect(await budget.take(5, AbortSignal.abort())).toBeNull();
    room?.leave();
    expect(budget.inUse).toBe(0);
  });

  it('takes a body larger than everything when it is alone', async () => {
    const budget = new BodyBudget(10, 5);
    const room = await budget.take(50, NEVER);
    expect(room).not.toBeNull();
    room?.leave();
    room?.leave();
    expect(budget.inUse).toBe(0);
  });

  it('lets others in as soon as less is needed, and never gives back twice', async () => {
    const budget = new BodyBudget(100, 5);
    const room = await budget.take(90, NEVER);
    const waiting = budget.take(80, NEVER);
    room?.shrinkTo(20);
    expect(await waiting).not.toBeNull();
    room?.shrinkTo(50);
    expect(budget.inUse).toBe(100);
    room?.leave();
    room?.leave();
    room?.shrinkTo(0);
    expect(budget.inUse).toBe(80);
  });
});
