import { parseProxyUrl } from './outbound-proxy.js';

describe("a proxy's URL", () => {
  it.each([
    ['http://proxy.acme.io:3128', 'http:', 'proxy.acme.io', 3128],
    ['http://proxy.acme.io', 'http:', 'proxy.acme.io', 80],
    ['https://proxy.acme.io/', 'https:', 'proxy.acme.io', 443],
    ['HTTP://[::1]:8080', 'http:', '::1', 8080],
  ])('%s names where it is', (url, protocol, host, port) => {
    expect(parseProxyUrl(url)).toEqual({ protocol, host, port, credentials: null });
  });

  it.each([
    ['http://alice:s3cret@p.acme.io', { username: 'alice', password: 's3cret' }],
    ['http://al%40ice:p%3A%2F%25@p.acme.io', { username: 'al@ice', password: 'p:/%' }],
    ['http://alice@p.acme.io', { username: 'alice', password: '' }],
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
  ])('%j is none', (url) => {
    expect(parseProxyUrl(url)).toBeNull();
  });
});
