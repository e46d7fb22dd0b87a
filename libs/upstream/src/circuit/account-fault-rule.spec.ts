import { AccountFaultRule } from './account-fault-rule.js';

let now: number;
let rule: AccountFaultRule;
beforeEach(() => {
  now = 1_000;
  rule = new AccountFaultRule(() => (now += 1));
});

const judge = (correlationId: string, scope: 'upstream' | 'work' | 'task' = 'work'): string =>
  rule.judge('1', correlationId, scope);

describe('a fault of the whole account', () => {
  it('stops the upstream, whatever it took before', () => {
    rule.accepted('1');
    expect(judge('a', 'upstream')).toBe('stops');
  });
});

describe('a fault of one task', () => {
  it('stops nothing', () => {
    for (let count = 0; count < 10; count += 1) expect(judge(`a${count}`, 'task')).toBe('task');
  });
});

describe('a fault of one kind of work', () => {
  it('stops an upstream that took nothing yet', () => {
    expect(judge('a')).toBe('stops');
  });

  it('does not stop one that takes other work', () => {
    for (let count = 0; count < 20; count += 1) {
      rule.accepted('1');
      expect([judge(`a${count}`), judge(`b${count}`)]).toEqual(['noted', 'noted']);
    }
  });

  it('stops one after three tasks in a row, or when the last acceptance is long ago', () => {
    rule.accepted('1');
    expect(['a', 'b', 'c', 'd'].map((correlationId) => judge(correlationId))).toEqual([
      'noted',
      'noted',
      'stops',
      'stops',
    ]);
    rule.accepted('2');
    now += 600_000;
    expect(rule.judge('2', 'e', 'work')).toBe('stops');
  });

  it('does not stop it again for a task that comes again', () => {
    expect([judge('a'), judge('a'), judge('a')]).toEqual(['stops', 'noted', 'noted']);
    expect(judge('b')).toBe('stops');
  });

  it('is the matter of a task that is declined again while others were taken', () => {
    rule.accepted('1');
    expect(judge('a')).toBe('noted');
    rule.accepted('1');
    expect(judge('a')).toBe('task');
    expect(rule.judge('2', 'a', 'work')).toBe('stops');
  });

  it('remembers no more tasks than it may', () => {
    rule.accepted('1');
    judge('a');
    for (let count = 0; count < 1_001; count += 1) judge(`b${count}`);
    rule.accepted('1');
    expect(judge('a')).toBe('noted');
  });
});
