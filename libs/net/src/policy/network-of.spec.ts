import { networkOf } from './network-of.js';

describe('networkOf', () => {
  it.each([
    ['93.184.215.14', '93.184.215.14'],
    ['::ffff:93.184.215.14', '93.184.215.14'],
    ['64:ff9b::5db8:d70e', '93.184.215.14'],
    ['2606:4700:10:1:2:3:4:5', '2606:4700:10:1::/64'],
    ['2606:4700:10:1:ffff::1', '2606:4700:10:1::/64'],
    ['2606:4700:10:2::1', '2606:4700:10:2::/64'],
    ['::1', '::/64'],
    ['hooks.example.com', 'hooks.example.com'],
  ])('%s counts as %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
