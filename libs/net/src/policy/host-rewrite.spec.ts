import { parseHostRewrites, rewriteHost } from './host-rewrite.js';

describe('rewrites of hosts', () => {
  it.each([
    ['', {}],
    ['cdn.acme.io=mirror.acme.io', { 'cdn.acme.io': 'mirror.acme.io' }],
    [' CDN.acme.io = mirror:8443 ,', { 'cdn.acme.io': 'mirror:8443' }],
    ['a.io=10.0.0.5:80,b.io=[fd00::1]:81', { 'a.io': '10.0.0.5:80', 'b.io': '[fd00::1]:81' }],
  ])('%j are read', (text, pairs) => {
    expect(Object.fromEntries(parseHostRewrites(text))).toEqual(pairs);
  });

  it.each([
    'cdn.acme.io',
    'cdn.acme.io=',
    '=mirror',
    'a=b=c',
    'https://a.io=b.io',
    'a.io=https://b.io',
    'a.io/x=b.io',
    'a.io=b.io/x',
    'a.io:443=b.io',
    'a.io=b.io:0',
    'a.io=b.io:70000',
    'a.io=u:p@b.io',
    'a.io=b io',
    '*.io=b.io',
    'a.io=[zz]',
    'a.io=999.1.1.1',
    'a.io=b.io,a.io=c.io',
  ])('%j are none', (text) => {
    expect(() => parseHostRewrites(text)).toThrow();
  });

  const rewrites = parseHostRewrites('cdn.acme.io=mirror.acme.io,media.acme.io=10.0.0.5:8080,secure.acme.io=m.io:443');

  it.each([
    ['https://cdn.acme.io/a%20b.png?ex=1&hm=2', 'https://mirror.acme.io/a%20b.png?ex=1&hm=2'],
    ['https://CDN.acme.io./a', 'https://mirror.acme.io/a'],
    ['https://cdn.acme.io:8443/a', 'https://mirror.acme.io:8443/a'],
    ['http://media.acme.io/a', 'http://10.0.0.5:8080/a'],
    ['https://secure.acme.io:8443/a', 'https://m.io/a'],
    ['https://x.cdn.acme.io/a', 'https://x.cdn.acme.io/a'],
    ['https://mirror.acme.io/a', 'https://mirror.acme.io/a'],
  ])('lead %s to %s', (url, to) => {
    expect(rewriteHost(new URL(url), rewrites).href).toBe(to);
  });
});
