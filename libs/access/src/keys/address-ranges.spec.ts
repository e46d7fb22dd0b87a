import { AddressRanges } from './address-ranges.js';

describe('address ranges', () => {
  it.each([
    ['203.0.113.0/24', '203.0.113.9', true],
    ['203.0.113.0/24', '203.0.114.9', false],
    ['203.0.113.0/24', '::ffff:203.0.113.9', true],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['2001:db8::/32', '2001:db8:1::5', true],
    ['2001:db8::/32', '2001:db9::5', false],
    ['2001:db8::1', '2001:0db8:0:0::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['10.0.0.0/8', '', false],
    ['10.0.0.0/8', 'unix', false],
  ])('%s holds %s: %s', (range, address, expected) => {
    expect(new AddressRanges([range]).has(address)).toBe(expected);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/8/8', '10.0.0/8', '10.0.0.0/', '10.0.0.0/x', '2001:db8::/129', ''])(
    '%s is none, and opens nothing',
    (range) => {
      expect(new AddressRanges([range]).has('10.0.0.1')).toBe(false);
    },
  );

  it('hold an address that any of them holds', () => {
    const ranges = new AddressRanges(['192.0.2.0/24', '2001:db8::/32']);
    expect(['192.0.2.1', '2001:db8::1', '192.0.3.1'].map((address) => ranges.has(address))).toEqual([
      true,
      true,
      false,
    ]);
    expect(new AddressRanges([]).has('192.0.2.1')).toBe(false);
  });
});
