import { DueProbe } from './due-probe.js';
import type { Statement } from './statement.js';

describe('DueProbe', () => {
  const at = new Date(Date.UTC(2026, 10, 22));
  const asked: Statement[] = [];
  const database = {
    run: <Row extends object>(statement: Statement): Promise<Row[]> => {
      asked.push(statement);
      return Promise.resolve([{ due: [false, true], at } as unknown as Row]);
    },
  };
  beforeEach(() => asked.splice(0));

  it('asks all conditions by one statement, whose name follows from its text', async () => {
    const probe = new DueProbe(database);
    const conditions = ['one', 'two'];
    expect(await probe.ask(conditions)).toEqual([false, true]);
    await probe.ask(conditions);
    await probe.ask(['one', 'three']);
    expect(asked[0]?.text).toContain('(one)');
    expect(asked[0]?.text).toContain('(two)');
    expect(asked[0]?.name).toMatch(/^pulse_[0-9a-f]{8}$/);
    expect(asked[1]).toBe(asked[0]);
    expect(asked[2]?.name).not.toBe(asked[0]?.name);
  });

  it("tells the clock of the database's time, which came with the answer", async () => {
    const read: Date[] = [];
    await new DueProbe(database, { begin: () => (time) => void read.push(time) }).ask(['one', 'two']);
    expect(read).toEqual([at]);
    expect(asked[0]?.text).toMatch(/clock_timestamp\(\) as at$/);
  });
});
