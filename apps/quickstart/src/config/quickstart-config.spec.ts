import { parseQuickstartConfig } from './quickstart-config.js';

const SECRET = Buffer.alloc(32, 7).toString('base64');
const parse = (environment: NodeJS.ProcessEnv) => parseQuickstartConfig(environment, '/srv/journeyman');

function problemsOf(environment: NodeJS.ProcessEnv): string[] {
  const parsed = parse(environment);
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

describe('parseQuickstartConfig', () => {
  it('needs nothing', () => {
    const environment = {};
    expect(parse(environment)).toEqual({
      kind: 'valid',
      config: {
        port: 8080,
        host: '127.0.0.1',
        dataDir: '/srv/journeyman/.data',
        searchPath: expect.stringContaining('/usr/bin'),
        environment,
      },
    });
  });

  it('takes what is given, and an empty variable as not given', () => {
    const environment = {
      PORT: '9000',
      HOST: '0.0.0.0',
      DATA_DIR: '/var/data',
      DATABASE_URL: 'postgres://me:secret@db/journeyman',
      EMBEDDED_POSTGRES_PORT: '5433',
      SECRET_KEY: SECRET,
      UPSTREAM_URL: 'http://10.0.0.4:8080/mj',
      API_KEY: 'sk-mine-0123456789',
      ADMIN_KEY: ' ',
      EGRESS_ALLOW: '10.0.0.0/8',
      PUBLIC_URL: '',
      PATH: '/bin',
    };
    expect(parse(environment)).toEqual({
      kind: 'valid',
      config: {
        port: 9000,
        host: '0.0.0.0',
        dataDir: '/var/data',
        databaseUrl: environment.DATABASE_URL,
        embeddedPostgresPort: 5433,
        secretKey: SECRET,
        upstreamUrl: environment.UPSTREAM_URL,
        apiKey: 'sk-mine-0123456789',
        egressAllow: '10.0.0.0/8',
        searchPath: '/bin',
        environment,
      },
    });
  });

  it.each(['abc', '-1', '65536', '80.5', '0x50', '1e3'])('refuses PORT=%s', (value) => {
    expect(problemsOf({ PORT: value })).toEqual([
      `PORT must be a whole number from 0 to 65535, not ${JSON.stringify(value)}.`,
    ]);
  });

  it('lets PORT be 0, any free one, but not EMBEDDED_POSTGRES_PORT', () => {
    expect(parse({ PORT: '0' })).toMatchObject({ config: { port: 0 } });
    expect(problemsOf({ EMBEDDED_POSTGRES_PORT: '0' })).toHaveLength(1);
  });

  it('refuses one port for both servers', () => {
    expect(problemsOf({ PORT: '5000', EMBEDDED_POSTGRES_PORT: '5000' })).toHaveLength(1);
  });

  it('says every mistake at once, one line each, without the secrets in them', () => {
    const problems = problemsOf({
      PORT: 'x',
      DATABASE_URL: 'mysql://me:hunter2@db/x',
      UPSTREAM_URL: 'ftp://hunter2@host',
      SECRET_KEY: 'hunter2',
      API_KEY: 'hunter2 with spaces',
      PUBLIC_URL: 'hunter2',
    });
    expect(problems.map((line) => line.split(' ')[0]).sort()).toEqual([
      'API_KEY',
      'DATABASE_URL',
      'PORT',
      'PUBLIC_URL',
      'SECRET_KEY',
      'UPSTREAM_URL',
    ]);
    expect(problems.join('\n')).not.toContain('hunter2');
    expect(problems.every((line) => !line.includes('\n'))).toBe(true);
  });

  it.each([31, 33])('refuses a SECRET_KEY of %i bytes', (size) => {
    expect(problemsOf({ SECRET_KEY: Buffer.alloc(size).toString('base64') })).toHaveLength(1);
  });

  it('refuses the same key for clients and admins', () => {
    expect(problemsOf({ API_KEY: 'same', ADMIN_KEY: 'same' })).toEqual(['API_KEY and ADMIN_KEY must differ.']);
  });

  it('says what is wrong with variables of the children beside its own, each once', () => {
    expect(problemsOf({ PORT: 'abc', DEFAULT_MODE: 'WARP', SIMULATOR_RUN_MS: 'soon', ADMIN_KEY: 'short' })).toEqual([
      expect.stringMatching(/^PORT must be/),
      expect.stringMatching(/^ADMIN_KEY: /),
      expect.stringMatching(/^DEFAULT_MODE is "WARP"/),
      expect.stringMatching(/^SIMULATOR_RUN_MS must be/),
    ]);
    expect(problemsOf({ UPSTREAM_URL: 'http://10.0.0.4', SIMULATOR_RUN_MS: 'soon' })).toEqual([]);
  });

  it.each(['', '  '])('takes EGRESS_ALLOW=%j as what it says: nothing', (EGRESS_ALLOW) => {
    expect(parse({ EGRESS_ALLOW })).toMatchObject({ config: { egressAllow: '' } });
    expect(parse({})).not.toHaveProperty('config.egressAllow');
  });
});
