import { linksReachable } from './links-reachable.js';

describe('linksReachable', () => {
  const far = 'https://upstream.example';

  it.each([
    ['https://mj.example', far],
    ['http://10.0.0.5:8080', far],
    ['https://mj.example', 'http://localhost:9000'],
    ['http://localhost:8080', 'http://127.0.0.1:9000'],
    ['http://127.8.9.1', 'http://[::1]:9000'],
    ['http://[::1]', 'http://localhost'],
    ['https://localhost.example', far],
    ['https://127.0.0.1.example', far],
  ])('%s is reached from %s', (ours, theirs) => {
    expect(linksReachable(ours, theirs)).toBe('ok');
  });

  it.each([
    'http://localhost:8080',
    'http://LOCALHOST.',
    'http://mj.localhost',
    'http://127.0.0.1',
    'http://127.1',
    'http://[::1]:8080',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0:8080',
    'http://[::]',
  ])('%s leads an upstream elsewhere to itself', (ours) => {
    expect(linksReachable(ours, far)).toBe('loopback');
    expect(linksReachable(ours, 'no url')).toBe('loopback');
  });

  it('takes no URL, and what is none, for none', () => {
    expect(linksReachable(null, far)).toBe('no_public_url');
    expect(linksReachable('ftp://mj.example', far)).toBe('no_public_url');
  });
});
