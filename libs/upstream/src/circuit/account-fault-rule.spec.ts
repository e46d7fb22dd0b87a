import { AccountFaultRule } from './account-fault-rule.js';

let now: number;
let troubles: AccountFaultRule;
beforeEach(() => {
  now = 1_000;
  troubles = new AccountFaultRule(() => (now += 1));
});

const judge = (mark: string, reach: 'upstream' | 'work' | 'task' = 'work'): string => troubles.judge('1', mark, reach);

describe('a fault of the whole account', () => {
  it('stops the upstream, whatever it took before', () => {
    troubles.accepted('1');
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
      troubles.accepted('1');
      expect([judge(`a${count}`), judge(`b${count}`)]).toEqual(['noted', 'noted']);
    }
  });

  it('stops one after three tasks in a row, or when the last acceptance is long ago', () => {
    troubles.accepted('1');
    expect(['a', 'b', 'c', 'd'].map((mark) => judge(mark))).toEqual(['noted', 'noted', 'stops', 'stops']);
    troubles.accepted('2');
    now += 600_000;
    expect(troubles.judge('2', 'e', 'work')).toBe('stops');
  });

  it('does not stop it again for a task that comes again', () => {
    expect([judge('a'), judge('a'), judge('a')]).toEqual(['stops', 'noted', 'noted']);
    expect(judge('b')).toBe('stops');
  });

  it('is the matter of a task that is declined again while others were taken', () => {
    troubles.accepted('1');
    expect(judge('a')).toBe('noted');
    troubles.accepted('1');
    expect(judge('a')).toBe('task');
    expect(troubles.judge('2', 'a', 'work')).toBe('stops');
  });

  it('remembers no more tasks than it may', () => {
    troubles.accepted('1');
    judge('a');
    for (let count = 0; count < 1_001; count += 1) judge(`b${count}`);
    troubles.accepted('1');
    expect(judge('a')).toBe('noted');
  });
});
