import { gatewayEnvironment, localUrl, simulatorEnvironment } from './child-environment.js';
import { type QuickstartConfig } from './config/quickstart-config.js';

const keys = {
  secretKey: 'made-secret',
  apiKey: 'sk-made',
  adminKey: 'adm-made',
  webhookSecret: 'whsec_made',
  simulatorSecret: 'sim-made',
};
const config: QuickstartConfig = {
  port: 0,
  host: '127.0.0.1',
  dataDir: '/srv/.data',
  searchPath: '/bin',
  environment: { LOG_LEVEL: 'debug', UPSTREAM_URL: '', DATABASE_URL: '' },
};

describe('localUrl', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['localhost', 'http://localhost:80'],
    ['0.0.0.0', 'http://127.0.0.1:80'],
    ['::', 'http://127.0.0.1:80'],
    ['::1', 'http://[::1]:80'],
  ])('of %s', (host, url) => expect(localUrl(host, 80)).toBe(url));
});

describe('gatewayEnvironment', () => {
  it('gives the gateway what quickstart made, and names the simulator instead of an upstream', () => {
    const facts = { port: 4000, databaseUrl: 'postgres://x', simulatorUrl: 'http://127.0.0.1:4001' };
    expect(gatewayEnvironment(config, keys, facts)).toEqual({
      LOG_LEVEL: 'debug',
      PORT: '4000',
      HOST: '127.0.0.1',
      DATA_DIR: '/srv/.data',
      DATABASE_URL: 'postgres://x',
      SECRET_KEY: 'made-secret',
      API_KEY: 'sk-made',
      ADMIN_KEY: 'adm-made',
      EGRESS_ALLOW: '127.0.0.0/8,::1/128',
      PUBLIC_URL: 'http://127.0.0.1:4000',
      WEBHOOK_SECRET: 'whsec_made',
      QUICKSTART_SIMULATOR_URL: 'http://127.0.0.1:4001',
      QUICKSTART_SIMULATOR_SECRET: 'sim-made',
    });
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:4000'],
    ['127.1.2.3', 'http://127.1.2.3:4000'],
    ['localhost', 'http://localhost:4000'],
    ['::1', 'http://[::1]:4000'],
    ['0.0.0.0', ''],
    ['::', ''],
    ['192.168.1.20', ''],
    ['127.0.0.1.example.com', ''],
  ])('has links begin with its own address only where no other reaches it: %s', (host, publicUrl) => {
    const facts = { port: 4000, databaseUrl: 'postgres://x' };
    expect(gatewayEnvironment({ ...config, host }, keys, facts)).toMatchObject({ PUBLIC_URL: publicUrl });
    const given = { ...config, host, publicUrl: 'https://mj.example' };
    expect(gatewayEnvironment(given, keys, facts)).toMatchObject({ PUBLIC_URL: 'https://mj.example' });
  });

  it('leaves alone what is given', () => {
    const given = {
      secretKey: 's',
      apiKey: 'a',
      adminKey: 'b',
      egressAllow: '10.0.0.0/8',
      publicUrl: 'https://mj.example',
    };
    const environment = { UPSTREAM_URL: 'http://up' };
    const result = gatewayEnvironment({ ...config, ...given, environment }, keys, {
      port: 1,
      databaseUrl: 'postgres://y',
    });
    expect(result).toMatchObject({
      SECRET_KEY: 's',
      API_KEY: 'a',
      ADMIN_KEY: 'b',
      EGRESS_ALLOW: '10.0.0.0/8',
      PUBLIC_URL: 'https://mj.example',
      UPSTREAM_URL: 'http://up',
    });
    expect(result).not.toHaveProperty('QUICKSTART_SIMULATOR_URL');
  });
});

describe('what is opened and shown', () => {
  const facts = { port: 4000, databaseUrl: 'postgres://x' };

  it('is nothing where EGRESS_ALLOW says so', () => {
    expect(gatewayEnvironment({ ...config, egressAllow: '' }, keys, facts)['EGRESS_ALLOW']).toBe('');
  });

  it.each([
    ['127.0.0.1', 'http://127.0.0.1:4000'],
    ['localhost', 'http://localhost:4000'],
    ['::1', 'http://[::1]:4000'],
    ['0.0.0.0', ''],
    ['::', ''],
    ['192.168.1.5', ''],
  ])('of %s in links: PUBLIC_URL is %j', (host, url) => {
    expect(gatewayEnvironment({ ...config, host }, keys, facts)['PUBLIC_URL']).toBe(url);
  });
});

describe('simulatorEnvironment', () => {
  it('keeps the simulator on this machine, below DATA_DIR', () => {
    expect(simulatorEnvironment(config, keys, 4001)).toMatchObject({
      SIMULATOR_PORT: '4001',
      SIMULATOR_HOST: '127.0.0.1',
      SIMULATOR_DIR: '/srv/.data/simulator',
      SIMULATOR_SECRET: 'sim-made',
    });
  });
});
