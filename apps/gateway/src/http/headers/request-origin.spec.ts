import type { FastifyRequest } from 'fastify';
import { linkBaseReader } from './request-origin.js';

interface Sent {
  headers: Record<string, string>;
  /** Of the connection. */
  from?: string;
  /** As `ips` of Fastify: the connection's address first, then those that trusted proxies name. */
  ips?: string[];
}

const PROXIES = ['10.0.0.0/8', '::1/128'];

function base(
  { headers, from = '10.0.0.1', ips = [from] }: Sent,
  { publicUrl = null as string | null, proxies = PROXIES } = {},
): string {
  const raw = { headers: { host: 'gw.test:8080', ...headers }, socket: { remoteAddress: from } };
  return linkBaseReader(publicUrl, proxies)({ raw, ips } as unknown as FastifyRequest);
}

describe('links of a request', () => {
  it('begin with PUBLIC_URL where it is set', () => {
    const headers = { host: 'x.test', 'x-forwarded-host': 'y.test' };
    expect(base({ headers }, { publicUrl: 'https://mj.example/base' })).toBe('https://mj.example/base');
  });

  it.each([
    ['gw.test', 'http://gw.test'],
    ['gw.test:8080', 'http://gw.test:8080'],
    ['gw.test:80', 'http://gw.test'],
    ['192.0.2.1:8080', 'http://192.0.2.1:8080'],
    ['[2001:db8::1]:8080', 'http://[2001:db8::1]:8080'],
    ['my_gateway:8080', 'http://my_gateway:8080'],
    ['', 'http://localhost'],
    ['a b', 'http://localhost'],
    ['x.test/evil', 'http://localhost'],
    ['user@x.test', 'http://localhost'],
    ['x.test:99999', 'http://localhost'],
    ['x.test:0', 'http://localhost'],
    ['x.test:', 'http://localhost'],
    ['"><script>', 'http://localhost'],
    ['x.test, y.test', 'http://localhost'],
    ['x'.repeat(300), 'http://localhost'],
    ['x.test\u0000', 'http://localhost'],
  ])('Host: %j is %s', (host, expected) => {
    expect(base({ headers: { host } }, { proxies: [] })).toBe(expected);
    expect(base({ headers: { host } })).toBe(expected);
  });

  it.each<[Record<string, string>, string]>([
    [{ 'x-forwarded-proto': 'https' }, 'https://gw.test:8080'],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'mj.example' }, 'https://mj.example'],
    [{ 'x-forwarded-proto': 'HTTPS', 'x-forwarded-host': 'mj.example:8443' }, 'https://mj.example:8443'],
    [
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'mj.example', 'x-forwarded-port': '8443' },
      'https://mj.example:8443',
    ],
    [
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'mj.example', 'x-forwarded-port': '443' },
      'https://mj.example',
    ],
    [{ 'x-forwarded-host': 'mj.example:30080', 'x-forwarded-port': '80' }, 'http://mj.example:30080'],
    [{ 'x-forwarded-port': '9000' }, 'http://gw.test:9000'],
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' }, 'https://gw.test'],
    [{ 'x-forwarded-host': 'mj.example', 'x-forwarded-prefix': '/art' }, 'http://mj.example/art'],
    [{ 'x-forwarded-prefix': '/a/b/' }, 'http://gw.test:8080/a/b'],
    [{ 'x-forwarded-prefix': '/' }, 'http://gw.test:8080'],
    [{ forwarded: 'for=192.0.2.60;proto=https;host=mj.example' }, 'https://mj.example'],
    [{ forwarded: 'For="[2001:db8::1]:4711"; Proto=HTTPS; Host="mj.example:8443"' }, 'https://mj.example:8443'],
    [{ forwarded: 'proto=https', 'x-forwarded-host': 'mj.example' }, 'https://mj.example'],
    [
      { forwarded: 'proto=https;host=other.test', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'mj.example' },
      'http://mj.example',
    ],
  ])('%j of a trusted proxy: %s', (headers, expected) => {
    expect(base({ headers })).toBe(expected);
    expect(base({ headers, from: '::1' })).toBe(expected);
    expect(base({ headers, from: '::ffff:10.0.0.1' })).toBe(expected);
  });

  it.each<[Record<string, string>]>([
    [{ 'x-forwarded-proto': 'javascript' }],
    [{ 'x-forwarded-proto': 'constructor' }],
    [{ 'x-forwarded-host': 'evil.test/path' }],
    [{ 'x-forwarded-host': 'user:pw@evil.test' }],
    [{ 'x-forwarded-host': '"><img>' }],
    [{ 'x-forwarded-host': '' }],
    [{ 'x-forwarded-port': '0' }],
    [{ 'x-forwarded-port': '70000' }],
    [{ 'x-forwarded-port': '80; x' }],
    [{ 'x-forwarded-prefix': '//evil.test' }],
    [{ 'x-forwarded-prefix': 'https://evil.test' }],
    [{ 'x-forwarded-prefix': '/a/../b' }],
    [{ 'x-forwarded-prefix': '/..' }],
    [{ 'x-forwarded-prefix': '/a b' }],
    [{ 'x-forwarded-prefix': '/a?b' }],
    [{ 'x-forwarded-prefix': `/${'a'.repeat(300)}` }],
    [{ forwarded: 'host=evil.test/x;proto=ftp' }],
    [{ forwarded: 'host="unfinished' }],
    [{ forwarded: ';;;,,,' }],
    [{ forwarded: `for=x;${'a=b;'.repeat(2_000)}host=evil.test` }],
  ])('%j says nothing', (headers) => {
    expect(base({ headers })).toBe('http://gw.test:8080');
  });

  it.each<[Record<string, string>]>([
    [{ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.test' }],
    [{ 'x-forwarded-port': '1', 'x-forwarded-prefix': '/evil' }],
    [{ forwarded: 'proto=https;host=evil.test' }],
  ])('%j counts for nothing of anybody else', (headers) => {
    expect(base({ headers, from: '203.0.113.9' })).toBe('http://gw.test:8080');
    expect(base({ headers }, { proxies: [] })).toBe('http://gw.test:8080');
  });

  it('are those that the outermost trusted proxy says, not what its client put before', () => {
    const headers = {
      'x-forwarded-proto': 'ftp, https, http',
      'x-forwarded-host': 'evil.test, mj.example, inner.test',
    };
    const two = { headers, ips: ['10.0.0.1', '10.0.0.2', '203.0.113.9'] };
    expect(base(two)).toBe('https://mj.example');
    expect(base({ headers, ips: ['10.0.0.1', '203.0.113.9'] })).toBe('http://inner.test');
    const forwarded = 'host=evil.test, for=1;host=mj.example;proto=https, for=2;host=inner.test';
    expect(base({ headers: { forwarded }, ips: two.ips })).toBe('https://mj.example');
    // Only the outer one of two says it.
    expect(base({ headers: { 'x-forwarded-host': 'mj.example' }, ips: two.ips })).toBe('http://mj.example');
  });
});
