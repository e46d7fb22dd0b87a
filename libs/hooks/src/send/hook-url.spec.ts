import { randomBytes } from 'node:crypto';
import { SecretBox } from '#libs/database';
import { EgressPolicy } from '#libs/net';
import { HookUrls, openHook, shownHook } from './hook-url.js';

const box = new SecretBox(randomBytes(32));
const urls = new HookUrls(new EgressPolicy(), box);

/** What is called for a hook as it was given, and the login that goes along. */
function called(text: string): [string, string | null] | string {
  const read = urls.read(text);
  if (read.kind !== 'ok') return read.kind;
  const { url, authorization } = openHook(read.url, box);
  return [url, authorization === null ? null : Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()];
}

describe('a hook', () => {
  it.each(['', ' ', '\t\r\n', '\u00a0\u3000\ufeff'])('that is blank (%j) is none', (text) => {
    expect(called(text)).toBe('none');
  });

  it.each([
    ['  https://hooks.acme.io/A?b=c \n', 'https://hooks.acme.io/A?b=c', null],
    ['https://bob:s3cret@hooks.acme.io/a', 'https://hooks.acme.io/a', 'bob:s3cret'],
    ['HTTPS://bob:s3cret@Hooks.acme.io:8443', 'https://hooks.acme.io:8443/', 'bob:s3cret'],
    ['http://bob@hooks.acme.io/', 'http://hooks.acme.io/', 'bob:'],
    ['http://:pw@hooks.acme.io/', 'http://hooks.acme.io/', ':pw'],
    ['http://@hooks.acme.io/x', 'http://hooks.acme.io/x', null],
    ['http://:@hooks.acme.io/x', 'http://hooks.acme.io/x', null],
    ['https://b%40b:p%2Fw%25@hooks.acme.io/', 'https://hooks.acme.io/', 'b@b:p/w%'],
    ['https://bob:50%@hooks.acme.io/', 'https://hooks.acme.io/', 'bob:50%'],
    ['https://bücher:pässe:2@hooks.acme.io/', 'https://hooks.acme.io/', 'bücher:pässe:2'],
    ['https://hooks.acme.io/a@b?c=d@e', 'https://hooks.acme.io/a@b?c=d@e', null],
    ['https://bob:pw@hooks.acme.io/a@b#c@d', 'https://hooks.acme.io/a@b#c@d', 'bob:pw'],
  ])('%j calls %s as %j', (text, url, login) => {
    expect(called(text)).toEqual([url, login]);
  });

  it.each([
    'hooks.acme.io',
    'ftp://bob:pw@hooks.acme.io/',
    'https://bob:pw@127.0.0.1/',
    'https://bob:pw@hooks.acme.io:22/',
    'https://bob:pw@hooks.acme.io:0/',
    'https://bob:pw@localhost/',
    'https://127.0.0.1@evil@hooks.acme.io/',
    'https://bob:pw\\@hooks.acme.io/',
    'https://bob:p w@hooks.acme.io/',
    'https://bob:pw%0d%0a@hooks.acme.io/',
    'https://b%3Aob:pw@hooks.acme.io/',
    'https://b%00ob@hooks.acme.io/',
    `https://bob:${'p'.repeat(2_048)}@hooks.acme.io/`,
  ])('%s is refused', (text) => {
    expect(called(text)).toBe('refused');
  });

  it('is kept without its login, and shown without it', () => {
    const read = urls.read('https://bob:s3cret@hooks.acme.io/a');
    const kept = read.kind === 'ok' ? read.url : '';
    expect(kept).toMatch(/^https:\/\/[A-Za-z0-9_-]{40,}@hooks\.acme\.io\/a$/);
    expect(Buffer.from(new URL(kept).username, 'base64url').toString('latin1')).not.toMatch(/bob|s3cret/);
    expect(shownHook(kept)).toBe('https://hooks.acme.io/a');
    expect(() => openHook(kept, new SecretBox(randomBytes(32)))).toThrow();
  });
});
