import { OutageLog } from './outage-log.js';

describe('OutageLog', () => {
  let now = 0;
  let said: string[];
  let outage: OutageLog;
  beforeEach(() => {
    now = 1_000;
    said = [];
    const say = {
      began: (why: string) => void said.push(`began: ${why}`),
      ended: (seconds: number) => void said.push(`ended after ${seconds} s`),
    };
    outage = new OutageLog(say, () => now);
  });

  it('says nothing while all is well', () => {
    outage.worked();
    outage.worked();
    expect(said).toEqual([]);
  });

  it('says the first failure and the first success after the last one, and nothing in between', () => {
    for (let failure = 0; failure < 100; failure += 1) {
      outage.failed(failure === 0 ? 'ECONNREFUSED' : '57P01');
      now += 100;
    }
    now += 3_000;
    outage.worked();
    outage.worked();
    expect(said).toEqual(['began: ECONNREFUSED', 'ended after 10 s']);
  });

  it('takes what works and fails by turns as one outage', () => {
    for (let turn = 0; turn < 10; turn += 1) {
      outage.failed('57P03');
      now += 1_000;
      outage.worked();
      now += 1_000;
    }
    expect(said).toEqual(['began: 57P03']);
    now += 1_000;
    outage.worked();
    expect(said).toHaveLength(2);
  });

  it('begins anew after its end', () => {
    outage.failed('a');
    now += 5_000;
    outage.worked();
    outage.failed('b');
    expect(said).toEqual(['began: a', 'ended after 0 s', 'began: b']);
  });
});
