import { randomBytes } from 'node:crypto';
import { EnvironmentError, readEnvironment } from './environment.js';

const NEEDED = { DATABASE_URL: 'postgres://u:p@127.0.0.1/db', SECRET_KEY: randomBytes(32).toString('base64') };

function mistakesOf(source: Record<string, string>): readonly string[] {
  try {
    readEnvironment(source);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.mistakes;
    throw error;
  }
}

describe('environment', () => {
  it('has defaults for all but the database and the secret key', () => {
    expect(readEnvironment(NEEDED)).toMatchObject({ PORT: 8080, HOST: '127.0.0.1', DEFAULT_MODE: 'FAST', ROLE: 'all' });
    expect(mistakesOf({})).toEqual(['DATABASE_URL is required', 'SECRET_KEY is required']);
  });

  it('names every mistake on a line of its own and shows no secret', () => {
    const secret = 'not-base64-of-32-bytes';
    const mistakes = mistakesOf({
      ...NEEDED,
      PORT: 'abc',
      SECRET_KEY: secret,
      EGRESS_ALLOW: '10.0.0.0/99',
      DEFAULT_MODE: 'slow',
    });
    expect(mistakes).toHaveLength(4);
    expect(mistakes).toContain('PORT is "abc": it must be a whole number from 0 to 65535');
    expect(mistakes.join('\n')).not.toContain(secret);
  });

  it.each([
    ['youchuan', 'only-one-part', 'UPSTREAM_SECRET must be <app>|<secret>: youchuan takes two parts'],
    ['youchuan', '', 'UPSTREAM_SECRET must be given: youchuan answers no call without <app>|<secret>'],
    ['apimart', '', 'UPSTREAM_SECRET must be given: apimart answers no call without its key'],
  ])('names the secret of the upstream where it does not fit the kind %s: "%s"', (kind, secret, mistake) => {
    const upstream = { UPSTREAM_KIND: kind, UPSTREAM_SECRET: secret };
    expect(mistakesOf({ ...NEEDED, UPSTREAM_URL: 'https://api.example.com', ...upstream })).toEqual([mistake]);
    expect(mistakesOf({ ...NEEDED, ...upstream })).toEqual([]);
  });

  it('takes a secret that fits the kind of the upstream', () => {
    const upstream = {
      UPSTREAM_URL: 'https://api.example.com',
      UPSTREAM_KIND: 'youchuan',
      UPSTREAM_SECRET: 'app|secret',
    };
    expect(mistakesOf({ ...NEEDED, ...upstream })).toEqual([]);
  });

  it.each(['cdn.acme.io', 'a.io=b.io/x', 'a.io=b.io,a.io=c.io'])(
    'names the rewrite of hosts where it is %s',
    (value) => {
      const mistakes = mistakesOf({ ...NEEDED, PICTURE_HOST_REWRITE: value, PORT: 'abc' });
      expect(mistakes).toHaveLength(2);
      expect(mistakes.join('\n')).toMatch(/^PICTURE_HOST_REWRITE is ".+": it must be /m);
      const read = readEnvironment({ ...NEEDED, PICTURE_HOST_REWRITE: 'a.io=b.io' }).PICTURE_HOST_REWRITE;
      expect([...read]).toEqual([['a.io', 'b.io']]);
    },
  );

  it('takes the empty text for absence', () => {
    expect(readEnvironment({ ...NEEDED, PORT: '' }).PORT).toBe(8080);
  });

  it('reads lists, modes and pairs', () => {
    const read = readEnvironment({
      ...NEEDED,
      EGRESS_ALLOW: '127.0.0.1, 10.0.0.0/8,::1/128',
      DEFAULT_MODE: 'relax',
      TASK_TIMEOUT_MS: 'FAST=5000',
      HOOK_RETRY_SCHEDULE: '1,2.5',
      PUBLIC_URL: 'https://mj.example/',
    });
    expect(read.EGRESS_ALLOW).toEqual(['127.0.0.1/32', '10.0.0.0/8', '::1/128']);
    expect(read.DEFAULT_MODE).toBe('RELAX');
    expect(read.TASK_TIMEOUT_MS).toEqual({ TURBO: 1_200_000, FAST: 5_000, RELAX: 14_400_000 });
    expect(read.HOOK_RETRY_SCHEDULE).toEqual([1, 2.5]);
    expect(read.PUBLIC_URL).toBe('https://mj.example');
  });

  it.each(['API_KEY', 'ADMIN_KEY'])(
    'wants a %s that nobody can guess, and does not show the one that was given',
    (name) => {
      for (const value of ['sk-123456789012', 'sk-12345678 90123', 'sk-é12345678901234']) {
        const mistakes = mistakesOf({ ...NEEDED, [name]: value });
        expect(mistakes).toEqual([expect.stringMatching(new RegExp(`^${name}: it must be at least 16 characters`))]);
        expect(mistakes.join()).not.toContain(value);
      }
      expect(readEnvironment({ ...NEEDED, [name]: 'sk-1234567890123' })).toHaveProperty(name, 'sk-1234567890123');
    },
  );

  it('wants a key for requests without one', () => {
    expect(mistakesOf({ ...NEEDED, ANONYMOUS: 'true' })).toEqual(['ANONYMOUS=true needs API_KEY']);
  });
});
