import type { Sample } from '../support/exposition.js';
import { leftTaken, sharesOf } from './shares.js';

describe('what is taken', () => {
  it('is read from the gauges of shares alone', () => {
    const samples: Sample[] = [
      { name: 'journeyman_share_used', labels: { share: 'streams' }, value: 3 },
      { name: 'journeyman_permits', labels: { class: 'list_reads', state: 'total' }, value: 8 },
      { name: 'journeyman_submits_total', labels: {}, value: 9 },
    ];
    expect(sharesOf(samples)).toEqual({ 'journeyman_share_used share=streams': 3 });
  });

  it('is left when more is taken than before, beyond what ordinary work takes', () => {
    const before = { descriptors: 60, a_taken: 2, a_bytes_taken: 0 };
    expect(leftTaken(before, { descriptors: 90, a_taken: 9, a_bytes_taken: 500_000 })).toEqual([]);
    expect(leftTaken(before, { descriptors: 600, a_taken: 40, a_bytes_taken: 9_000_000 })).toEqual([
      'descriptors: 60 → 600',
      'a_taken: 2 → 40',
      'a_bytes_taken: 0 → 9000000',
    ]);
  });
});
