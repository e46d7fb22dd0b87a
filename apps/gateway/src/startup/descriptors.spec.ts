import { readEnvironment } from '../config/environment.js';
import { FEWEST_DESCRIPTORS, readDescriptorLimit } from './descriptor-limit.js';
import { fitDescriptors } from './descriptors.js';

const environment = readEnvironment({
  DATABASE_URL: 'postgres://u:p@127.0.0.1/db',
  SECRET_KEY: Buffer.alloc(32).toString('base64'),
});

describe('descriptors', () => {
  it('are not looked at where nobody says how many there are, and change nothing where there are many', () => {
    expect(fitDescriptors(environment, null)).toEqual({ environment, warning: null });
    expect(fitDescriptors(environment, 65_536)).toEqual({ environment, warning: null });
  });

  it('of 256 leave Postgres its connections, and few to everybody else', () => {
    const { environment: fitted, warning } = fitDescriptors(environment, 256);
    const { MAX_CONNECTIONS, MAX_DOWNLOADS, HOOK_CONCURRENCY, HOLD_DATABASE, UPSTREAM_CALLS, KEEP_CONNECTIONS } =
      fitted;
    expect({
      MAX_CONNECTIONS,
      MAX_DOWNLOADS,
      HOOK_CONCURRENCY,
      HOLD_DATABASE,
      UPSTREAM_CALLS,
      KEEP_CONNECTIONS,
    }).toEqual({
      MAX_CONNECTIONS: 40,
      MAX_DOWNLOADS: 16,
      HOOK_CONCURRENCY: 16,
      HOLD_DATABASE: true,
      UPSTREAM_CALLS: 32,
      KEEP_CONNECTIONS: false,
    });
    expect(warning).toMatch(/^only 256 descriptors \(ulimit -n\): at most 40 connections of clients/);
    expect(MAX_CONNECTIONS + MAX_DOWNLOADS + HOOK_CONCURRENCY).toBeLessThanOrEqual(256 - 184);
  });

  it('never give more than was set', () => {
    const few = { ...environment, MAX_CONNECTIONS: 5, MAX_DOWNLOADS: 3, HOOK_CONCURRENCY: 2 };
    expect(fitDescriptors(few, 256)).toEqual({
      environment: { ...few, HOLD_DATABASE: false, UPSTREAM_CALLS: 32, KEEP_CONNECTIONS: false },
      warning: null,
    });
  });

  it('give upstreams more where there are more, and let connections be kept', () => {
    const { environment: fitted } = fitDescriptors(environment, 1_024);
    const { UPSTREAM_CALLS, KEEP_CONNECTIONS, MAX_CONNECTIONS, MAX_DOWNLOADS, HOOK_CONCURRENCY } = fitted;
    expect({ UPSTREAM_CALLS, KEEP_CONNECTIONS }).toEqual({ UPSTREAM_CALLS: 128, KEEP_CONNECTIONS: true });
    expect(UPSTREAM_CALLS + MAX_CONNECTIONS + MAX_DOWNLOADS + HOOK_CONCURRENCY).toBeLessThanOrEqual(1_024 - 152);
  });

  it('leave something to everybody even where they are fewest', () => {
    const { environment: fitted } = fitDescriptors(environment, FEWEST_DESCRIPTORS);
    expect([fitted.MAX_CONNECTIONS, fitted.MAX_DOWNLOADS, fitted.HOOK_CONCURRENCY]).toEqual([20, 8, 8]);
  });

  it('are known here', async () => {
    expect(await readDescriptorLimit()).toBeGreaterThan(0);
  });
});
