import * as fc from 'fast-check';
import { chooseFault, NO_FAULTS, takesIn, type Fault } from './faults.js';
import { seededRandom } from './random.js';

describe('the choice of a fault', () => {
  it('breaks nothing without rates', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999_999, noNaN: true }), (chance) => {
        expect(chooseFault(NO_FAULTS, chance)).toBe('none');
      }),
    );
  });

  it('breaks as often as it is told, half of each before the work is taken in and half after', () => {
    const random = seededRandom(7);
    const draws = 100_000;
    const counts = new Map<Fault, number>();
    for (let draw = 0; draw < draws; draw += 1) {
      const fault = chooseFault({ error: 0.3, reset: 0.1, hang: 0.05 }, random());
      counts.set(fault, (counts.get(fault) ?? 0) + 1);
    }
    const share = (fault: Fault): number => (counts.get(fault) ?? 0) / draws;
    expect(share('error_before')).toBeCloseTo(0.15, 1);
    expect(share('error_after')).toBeCloseTo(0.15, 1);
    expect(share('reset_before')).toBeCloseTo(0.05, 1);
    expect(share('reset_after')).toBeCloseTo(0.05, 1);
    expect(share('hang_before')).toBeCloseTo(0.025, 2);
    expect(share('hang_after')).toBeCloseTo(0.025, 2);
    expect(share('none')).toBeCloseTo(0.55, 1);
  });

  it('always breaks where the shares are everything, and refuses more', () => {
    expect(chooseFault({ error: 1, reset: 0, hang: 0 }, 0.999_999)).toBe('error_after');
    expect(() => chooseFault({ error: 0.9, reset: 0.2, hang: 0 }, 0.5)).toThrow(RangeError);
  });

  it.each<[Fault, boolean]>([
    ['none', true],
    ['error_before', false],
    ['error_after', true],
    ['reset_before', false],
    ['reset_after', true],
    ['hang_before', false],
    ['hang_after', true],
  ])('%s: work taken in is %s', (fault, taken) => {
    expect(takesIn(fault)).toBe(taken);
  });
});
