import { banner, type BannerFacts } from './banner.js';

const facts: BannerFacts = {
  url: 'http://127.0.0.1:8080',
  apiKey: 'sk-made',
  adminKey: 'adm-made',
  webhookSecret: 'whsec_made',
  postgresUrl: 'postgres://journeyman:pw@127.0.0.1:5433/journeyman',
  simulatorUrl: 'http://127.0.0.1:4001',
  dataDir: '/srv/.data',
  publicUrlSet: true,
  egressAllowSet: true,
};

describe('banner', () => {
  it('shows the docs, both keys, the database, the simulator and what was set', () => {
    const text = banner(facts);
    expect(text).toContain('http://127.0.0.1:8080/docs');
    expect(text).toMatch(/API key +sk-made\n/);
    expect(text).toMatch(/Hook secret +whsec_made /);
    expect(text).toMatch(/Admin key +adm-made /);
    expect(text).toContain('psql "postgres://journeyman:pw@127.0.0.1:5433/journeyman"');
    expect(text).toContain('simulator at http://127.0.0.1:4001');
    expect(text).toContain('PUBLIC_URL=http://127.0.0.1:8080');
    expect(text).toContain('EGRESS_ALLOW=127.0.0.0/8,::1/128');
  });

  it('begins with the link to Studio, where there is one', () => {
    const studioLink = 'http://127.0.0.1:8080/studio#ticket=jst_made';
    const lines = banner({ ...facts, studioLink }).split('\n');
    expect(lines[3]).toBe(`  ${'Studio'.padEnd(14)}${studioLink}`);
    expect(banner(facts)).not.toContain('Studio');
  });

  it('gives commands with the real address and key', () => {
    const commands = banner(facts)
      .split('\n')
      .filter((line) => line.includes('curl '));
    expect(commands[0]).toContain(
      `curl -s http://127.0.0.1:8080/mj/submit/imagine -H 'Authorization: Bearer sk-made' -H 'Content-Type: application/json' -d '{"prompt":`,
    );
    expect(commands[1]).toContain('http://127.0.0.1:8080/mj/task/ID/fetch');
    expect(commands[2]).toContain('http://127.0.0.1:8080/mj/image/ID');
  });

  it('prints no secret that the caller gave, and says nothing of what the caller set', () => {
    const { url, dataDir } = facts;
    const text = banner({ url, dataDir, publicUrlSet: false, egressAllowSet: false });
    expect(text).toContain('"Authorization: Bearer $API_KEY"');
    expect(text).toContain('psql "$DATABASE_URL"');
    expect(text).not.toMatch(/PUBLIC_URL=|EGRESS_ALLOW=|simulator/);
  });
});
