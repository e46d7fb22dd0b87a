import { EgressPolicy } from './egress-policy.js';

describe('EgressPolicy', () => {
  it('allows only public addresses when nothing is opened', () => {
    const policy = new EgressPolicy();
    expect(policy.opensAny).toBe(false);
    expect(policy.allows('1.1.1.1')).toBe(true);
    expect(policy.allows('10.0.0.1')).toBe(false);
    expect(policy.opens('1.1.1.1')).toBe(false);
  });

  it.each([
    ['10.1.2.3', true],
    ['10.2.0.1', false],
    ['192.168.7.7', true],
    ['192.168.7.8', false],
    ['::ffff:10.1.2.3', true],
    ['::ffff:a01:203', true],
    ['::ffff:10.2.0.1', false],
    ['fd12::1', true],
    ['fc00::1', false],
    ['::1', true],
    ['::2', false],
    ['1.1.1.1', true],
    ['::ffff:1.1.1.1', false],
    ['db', false],
  ])('judges %s as %p with ranges opened', (ip, allowed) => {
    const policy = new EgressPolicy(['10.1.0.0/16', ' 192.168.7.7 ', 'fd00::/8', '::1']);
    expect(policy.opensAny).toBe(true);
    expect(policy.allows(ip)).toBe(allowed);
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0/8',
    'fd00::/129',
    'localhost',
    '10.0.0.0/8/8',
    '0x0a.0.0.0/8',
    '10.0.0.0/-1',
    'fe80::1%eth0/64',
  ])('refuses %p and names it', (entry) => {
    expect(() => new EgressPolicy(['127.0.0.0/8', entry])).toThrow(`"${entry}"`);
  });

  it('asks for a mapped range to be written as IPv4', () => {
    expect(() => new EgressPolicy(['::ffff:10.0.0.0/104'])).toThrow('write it as IPv4');
  });
});
