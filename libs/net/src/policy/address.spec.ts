import * as fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { isPublicAddress } from './address.js';

/** First and last address of every refused range. */
const REFUSED = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
  ['2001::', '2001:1ff:ffff::'],
  ['2001:db8::', '2001:db8:ffff::'],
  ['2002::', '2002:ffff::'],
  ['3fff::', '3fff:fff:ffff::'],
  ['2620:4f:8000::', '2620:4f:8000:ffff::'],
].flat();

/** Neighbours just outside those ranges, and known public resolvers. */
const PUBLIC = [
  '1.0.0.0',
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.0.1.0',
  '192.0.3.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2000::1',
  '2001:200::1',
  '2001:db7::1',
  '2001:db9::1',
  '2003::1',
  '2606:4700:4700::1111',
  '2620:4f:7fff::1',
  '2620:4f:8001::1',
  '3ffe:ffff::1',
  '3fff:1000::1',
];

const NEVER = [
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:0:7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '1fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '2606:4700::5efe:7f00:1',
  '2606:4700::200:5efe:7f00:1',
  '2606:4700::1%eth0',
];

const NOT_AN_ADDRESS = [
  '',
  'localhost',
  '127.1',
  '0x7f.1',
  '0177.0.0.1',
  '08.8.8.8',
  '1.1.1.1.1',
  '256.1.1.1',
  '134744072',
  '[::1]',
];

const word = fc.integer({ min: 0, max: 0xffff });
const ipv6 = fc
  .tuple(fc.oneof(word, fc.integer({ min: 0x2000, max: 0x3fff })), ...Array.from({ length: 7 }, () => word))
  .map((words) => words.map((part) => part.toString(16)).join(':'));

describe('isPublicAddress', () => {
  it.each(REFUSED)('refuses %s, the edge of a special range', (ip) => expect(isPublicAddress(ip)).toBe(false));
  it.each(PUBLIC)('takes %s', (ip) => expect(isPublicAddress(ip)).toBe(true));
  it.each(NEVER)('refuses %s', (ip) => expect(isPublicAddress(ip)).toBe(false));
  it.each(NOT_AN_ADDRESS)('refuses %p, which is no address', (ip) => expect(isPublicAddress(ip)).toBe(false));

  it('agrees with ipaddr.js that a public IPv4 address is unicast', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => !isPublicAddress(ip) || ipaddr.parse(ip).range() === 'unicast'),
      { numRuns: 20_000 },
    );
  });

  it('agrees with ipaddr.js that a public IPv6 address is unicast, and sees every spelling alike', () => {
    fc.assert(
      fc.property(ipv6, (ip) => {
        const address = ipaddr.IPv6.parse(ip);
        expect(isPublicAddress(address.toString())).toBe(isPublicAddress(address.toNormalizedString()));
        if (isPublicAddress(ip)) expect(address.range()).toBe('unicast');
      }),
      { numRuns: 10_000 },
    );
  });

  it('never takes an IPv4 address wrapped in IPv6', () => {
    const prefixes = ['::', '::ffff:', '::ffff:0:', '64:ff9b::', '2606:4700::5efe:', '2001:0:'];
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom(...prefixes), (ip, prefix) => {
        const [a, b, c, d] = ip.split('.').map(Number);
        const low = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        expect(isPublicAddress(prefix === '2001:0:' ? `2001:0:${low}::1` : prefix + low)).toBe(false);
      }),
    );
  });

  it('is total over text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof isPublicAddress(text) === 'boolean'));
  });
});
