import { readConfiguration } from './simulator-config.js';

describe('readConfiguration', () => {
  it('needs nothing', () => {
    expect(readConfiguration({})).toEqual({
      kind: 'ok',
      options: {
        port: 8081,
        host: '127.0.0.1',
        secret: null,
        runMs: 8000,
        concurrency: null,
        queue: 100,
        dir: './.data/simulator',
        publicUrl: null,
      },
    });
  });

  it('takes what is given', () => {
    const read = readConfiguration({
      SIMULATOR_PORT: '0',
      SIMULATOR_SECRET: ' s ',
      SIMULATOR_PUBLIC_URL: 'https://pics.example/sim/',
    });
    expect(read).toMatchObject({
      kind: 'ok',
      options: { port: 0, secret: 's', publicUrl: 'https://pics.example/sim' },
    });
  });

  it('names every wrong value in a line of its own', () => {
    const read = readConfiguration({
      SIMULATOR_PORT: '70000',
      SIMULATOR_RUN_MS: 'soon',
      SIMULATOR_CONCURRENCY: '0',
      SIMULATOR_PUBLIC_URL: 'ftp://x',
    });
    expect(read.kind === 'wrong' ? read.mistakes.map((line) => line.split(' ')[0]) : []).toEqual([
      'SIMULATOR_PORT',
      'SIMULATOR_RUN_MS',
      'SIMULATOR_CONCURRENCY',
      'SIMULATOR_PUBLIC_URL',
    ]);
  });
});
