import type { FastifyRequest } from 'fastify';
import { cookieOf, hasStudioHeader, noCookie, presentedCookie } from './session-cookie.js';
import { hashOfSecret, isSessionSecret, newSessionSecret } from './session-secret.js';

const cookieIn = (headers: Record<string, string>): ReturnType<typeof presentedCookie> => presentedCookie({ headers });

describe('the cookie of a request', () => {
  it.each([
    ['', { kind: 'none' }],
    ['a=b', { kind: 'none' }],
    ['journeyman_session', { kind: 'none' }],
    ['xjourneyman_session=1', { kind: 'none' }],
    ['journeyman_session2=1', { kind: 'none' }],
    ['journeyman_session=', { kind: 'token', token: '' }],
    ['journeyman_session=t', { kind: 'token', token: 't' }],
    ['a=b;journeyman_session=t ; c', { kind: 'token', token: 't' }],
    ['journeyman_session=t; journeyman_session=t', { kind: 'token', token: 't' }],
    ['journeyman_session=t; journeyman_session=u', { kind: 'conflict' }],
    ['journeyman_session=t; journeyman_session=', { kind: 'conflict' }],
  ])('in %j', (cookie, presented) => expect(cookieIn({ cookie })).toEqual(presented));

  it.each([
    ['same-origin', 'token'],
    ['none', 'token'],
    ['same-site', 'none'],
    ['cross-site', 'none'],
    ['anything', 'none'],
  ])('counts by what the browser says of who asks: %s', (site, kind) => {
    expect(cookieIn({ cookie: 'journeyman_session=t', 'sec-fetch-site': site }).kind).toBe(kind);
  });
});

describe('the header of writes', () => {
  it.each([
    [undefined, false],
    [[], false],
    [['1'], true],
    [['1', '1'], false],
    [['1, 1'], false],
    [['true'], false],
  ])('%j', (values, isThere) => {
    const raw = { headersDistinct: { 'x-journeyman-studio': values } };
    expect(hasStudioHeader({ raw } as unknown as FastifyRequest)).toBe(isThere);
  });
});

describe('Set-Cookie', () => {
  const request = (linkBase: string, origin?: string): FastifyRequest =>
    ({ linkBase, headers: origin === undefined ? {} : { origin } }) as unknown as FastifyRequest;

  it('keeps scripts and other sites away, and http where the browser uses https', () => {
    const plain = 'journeyman_session=t; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000';
    expect(cookieOf('t', request('http://mj.test'))).toBe(plain);
    expect(cookieOf('t', request('https://mj.test'))).toContain('SameSite=Strict; Secure;');
    expect(cookieOf('t', request('http://mj.test', 'https://mj.test'))).toContain('; Secure;');
    expect(noCookie(request('https://mj.test'))).toBe(
      'journeyman_session=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0',
    );
  });
});

describe('the secrets of Studio', () => {
  it('are new each time, of 256 bits, and one kind is not the other', () => {
    const [one, two] = [newSessionSecret('session'), newSessionSecret('session')];
    expect(one).not.toBe(two);
    expect(one).toHaveLength(4 + 43);
    expect(isSessionSecret('session', one)).toBe(true);
    expect(isSessionSecret('ticket', one)).toBe(false);
    expect(isSessionSecret('session', `${one}x`)).toBe(false);
    expect(hashOfSecret(one)).toHaveLength(32);
  });
});
