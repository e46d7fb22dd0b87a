import { parseProxyUrl } from './outbound-proxy.js';

describe("a proxy's URL", () => {
  it.each([
    ['http://proxy.acme.io:3128', 'http:', 'proxy.acme.io', 3128],
    ['http://proxy.acme.io', 'http:', 'proxy.acme.io', 80],
    ['https://proxy.acme.io/', 'https:', 'proxy.acme.io', 443],
    ['HTTP://[::1]:8080', 'http:', '::1', 8080],
    ['socks5://proxy.acme.io', 'socks5:', 'proxy.acme.io', 1_080],
    ['socks5h://10.0.0.1:9050', 'socks5h:', '10.0.0.1', 9_050],
    ['SOCKS5://[::1]:1080/', 'socks5:', '::1', 1_080],
  ])('%s names where it is', (url, protocol, host, port) => {
    expect(parseProxyUrl(url)).toEqual({ protocol, host, port, credentials: null });
  });

  it.each([
    ['http://alice:s3cret@p.acme.io', { username: 'alice', password: 's3cret' }],
    ['http://al%40ice:p%3A%2F%25@p.acme.io', { username: 'al@ice', password: 'p:/%' }],
    ['http://alice@p.acme.io', { username: 'alice', password: '' }],
    ['socks5://al%40ice:p%3A@p.acme.io', { username: 'al@ice', password: 'p:' }],
    ['http://:token@p.acme.io', { username: '', password: 'token' }],
  ])('%s carries a name and a password', (url, credentials) => {
    expect(parseProxyUrl(url)?.credentials).toEqual(credentials);
  });

  it.each([
    '',
    'proxy.acme.io:3128',
    'ftp://proxy.acme.io',
    'http://',
    'http://proxy.acme.io:0',
    'http://proxy.acme.io/path',
    'http://proxy.acme.io?x=1',
    'http://proxy.acme.io#x',
    'http://al%ice@p.acme.io',
    'socks://proxy.acme.io',
    'socks4://proxy.acme.io',
    'socks5:proxy.acme.io:1080',
    'socks5://',
    'socks5://pro%78y.acme.io',
    'socks5://proxy.acme.io:0',
    'socks5://proxy.acme.io/path',
    'socks5://alice@proxy.acme.io',
    'socks5://:token@proxy.acme.io',
    `socks5://alice:${'x'.repeat(256)}@proxy.acme.io`,
  ])('%j is none', (url) => {
    expect(parseProxyUrl(url)).toBeNull();
  });
});
