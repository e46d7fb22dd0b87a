import { followRedirect, headersForHop, redirectLocation } from './redirect.js';

const from = new URL('https://cdn.acme.io/a/b?c');
const none = new Set<string>();

describe('redirectLocation', () => {
  it.each([301, 302, 303, 307, 308])('sees a redirect in %d', (status) =>
    expect(redirectLocation(status, '/x')).toBe('/x'),
  );
  it.each([200, 300, 304, 404])('sees none in %d', (status) => expect(redirectLocation(status, '/x')).toBeNull());
  it('sees none without one Location', () => {
    expect(redirectLocation(302, undefined)).toBeNull();
    expect(redirectLocation(302, ['/x', '/y'])).toBeNull();
  });
});

describe('followRedirect', () => {
  it.each([
    ['/x', 'https://cdn.acme.io/x'],
    ['x', 'https://cdn.acme.io/a/x'],
    ['?d', 'https://cdn.acme.io/a/b?d'],
    ['//127.0.0.1/', 'https://127.0.0.1/'],
    ['\\\\127.0.0.1\\', 'https://127.0.0.1/'],
    ['https://other.io/x#frag', 'https://other.io/x'],
    ['file:///etc/passwd', 'file:///etc/passwd'],
  ])('resolves %s', (location, to) => expect(followRedirect(from, location, none)).toBe(to));

  it.each([
    ['http://cdn.acme.io/x', 'downgrade'],
    ['https://cdn.acme.io/seen', 'loop'],
    ['/seen#again', 'loop'],
    ['https://', 'parse'],
  ])('refuses %s as %s', (location, detail) => {
    const seen = new Set(['https://cdn.acme.io/seen']);
    let thrown: unknown;
    try {
      followRedirect(from, location, seen);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ kind: 'redirect', detail });
  });
});

describe('headersForHop', () => {
  const headers = { Range: 'bytes=0-1', Authorization: 'Bearer x', 'mj-api-secret': 'y', cookie: 'z' };

  it('keeps all within an origin', () => {
    expect(headersForHop(headers, from, new URL('https://cdn.acme.io/z'))).toEqual(headers);
  });

  it.each(['https://other.io/', 'https://cdn.acme.io:8443/', 'http://cdn.acme.io/'])('takes no secret to %s', (to) => {
    expect(headersForHop(headers, from, new URL(to))).toEqual({ Range: 'bytes=0-1' });
  });
});
