import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NameServer, type Zone } from '../../test/name-server.js';
import { readHostsFile } from './hosts-file.js';
import { NameLookup, type NameLookupOptions } from './name-lookup.js';

const V6 = '20010db8000000000000000000000001';
const zone: Zone = (name) => {
  if (name.startsWith('hang')) return null;
  if (name.startsWith('none')) return 'unknown';
  if (name.startsWith('both')) return { a: ['192.0.2.7', '192.0.2.8'], aaaa: [V6] };
  if (name.startsWith('six')) return { aaaa: [V6] };
  if (name.startsWith('empty')) return {};
  if (name.startsWith('brief')) return { a: ['192.0.2.9'], ttl: 0 };
  return { a: ['192.0.2.1'], ttl: 86_400 };
};

let server: NameServer;
let folder: string;
beforeAll(async () => {
  server = await NameServer.start(zone);
  folder = await mkdtemp(join(tmpdir(), 'journeyman-names-'));
});
beforeEach(() => server.questions.splice(0));
afterAll(async () => {
  for (const resolver of resolvers) resolver.cancel();
  await server.close();
  await rm(folder, { recursive: true });
});

const resolvers: Resolver[] = [];

function lookUp(options: Partial<NameLookupOptions> = {}): NameLookup {
  const resolver = new Resolver({ timeout: 3_000, tries: 1 });
  resolver.setServers([server.address]);
  resolvers.push(resolver);
  return new NameLookup({ timeoutMs: 2_000, asksSystem: false, resolver, hostsFile: join(folder, 'none'), ...options });
}

const addresses = async (names: NameLookup, name: string): Promise<string[]> =>
  (await names.find(name)).map(({ address }) => address);

describe('a look-up', () => {
  it.each([
    ['one.acme.io', ['192.0.2.1']],
    ['BOTH.acme.io', ['192.0.2.7', '192.0.2.8', '2001:db8::1']],
    ['six.acme.io', ['2001:db8::1']],
  ])('of %s finds its addresses, IPv4 first', async (name, expected) => {
    expect(await addresses(lookUp(), name)).toEqual(expected);
  });

  it.each([
    ['none.acme.io', 'ENOTFOUND'],
    ['empty.acme.io', 'ENODATA'],
  ])('of %s fails with %s, and is known to have failed', async (name, code) => {
    const names = lookUp();
    await expect(names.find(name)).rejects.toMatchObject({ code });
    expect(names.known(name)).toBeNull();
  });

  it('is not held up by others whose servers never answer, far more than there are threads', async () => {
    const names = lookUp();
    const hanging = Array.from({ length: 40 }, (_, n) => names.find(`hang${n}.acme.io`).catch(() => 'ended'));
    expect(await addresses(names, 'one.acme.io')).toEqual(['192.0.2.1']);
    expect(await Promise.race([...hanging, Promise.resolve('they hang')])).toBe('they hang');
    await Promise.all(hanging);
  });

  it('ends at its deadline', async () => {
    await expect(lookUp({ timeoutMs: 20 }).find('hang.acme.io')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });

  it('is asked once for all who want it, and kept as long as its record says, 5 s to a minute', async () => {
    let now = 0;
    const names = lookUp({ now: () => now });
    await Promise.all([names.find('one.acme.io'), names.find('ONE.acme.io'), names.find('brief.acme.io')]);
    const asked = (name: string): number => server.questions.filter((one) => one === name).length;
    expect([asked('one.acme.io'), asked('brief.acme.io')]).toEqual([2, 2]);
    now = 5_000;
    expect([names.known('brief.acme.io'), names.known('one.acme.io')]).toEqual([
      undefined,
      [{ address: '192.0.2.1', family: 4 }],
    ]);
    now = 60_000;
    expect(names.known('one.acme.io')).toBeUndefined();
    await names.find('one.acme.io');
    expect(asked('one.acme.io')).toBe(4);
  });

  it('is answered by the hosts file first', async () => {
    const hostsFile = join(folder, 'hosts');
    await writeFile(hostsFile, '# ours\n10.1.2.3\tone.acme.io  alias # here\n::1 one.acme.io\nnonsense x\n\n');
    expect(await addresses(lookUp({ hostsFile }), 'one.acme.io')).toEqual(['10.1.2.3', '::1']);
    expect(server.questions).toEqual([]);
    expect((await readHostsFile(hostsFile)).get('alias')).toEqual(['10.1.2.3']);
    expect(await readHostsFile(join(folder, 'none'))).toEqual(new Map());
  });
});

describe('the system', () => {
  const system: LookupFunction = (name, _options, done) =>
    name.startsWith('none.inside')
      ? done(null, [{ address: '10.0.0.5', family: 4 }])
      : done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);

  it('is asked for what DNS does not know, where inside names are meant', async () => {
    expect(await addresses(lookUp({ asksSystem: true, system }), 'none.inside')).toEqual(['10.0.0.5']);
    await expect(lookUp({ system }).find('none.inside')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('is asked where no name server can be reached', async () => {
    const resolver = new Resolver({ timeout: 1_000, tries: 1 });
    const refuse = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }));
    Object.assign(resolver, { resolve4: refuse, resolve6: refuse });
    expect(await addresses(lookUp({ resolver, system }), 'none.inside')).toEqual(['10.0.0.5']);
  });

  it('is asked one name at a time', async () => {
    const waiting: (() => void)[] = [];
    const slow: LookupFunction = (_name, _options, done) =>
      void waiting.push(() => done(null, [{ address: '10.0.0.5', family: 4 }]));
    const names = lookUp({ asksSystem: true, system: slow });
    const both = [names.find('none1'), names.find('none2')];
    const isAsked = async (count: number): Promise<void> => {
      while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    await isAsked(1);
    await names.find('one.acme.io');
    expect(waiting).toHaveLength(1);
    waiting[0]?.();
    await isAsked(2);
    waiting[1]?.();
    expect(await Promise.all(both)).toHaveLength(2);
  });
});

describe('for a connector', () => {
  const ask = (names: NameLookup, name: string, options: object): Promise<unknown> =>
    new Promise((resolve) => names.lookup(name, options, (error, address) => resolve(error?.code ?? address)));

  it.each([
    [{ all: true }, 'both.acme.io', 3],
    [{ all: true, family: 6 }, 'both.acme.io', 1],
  ])('it gives all it found: %p', async (options, name, count) => {
    expect(await ask(lookUp(), name, options)).toHaveLength(count);
  });

  it.each([
    [{}, 'both.acme.io', '192.0.2.7'],
    [{ family: 6 }, 'both.acme.io', '2001:db8::1'],
    [{ family: 6 }, 'one.acme.io', 'ENODATA'],
    [{}, 'none.acme.io', 'ENOTFOUND'],
  ])('with %p it says of %s: %s', async (options, name, expected) => {
    expect(await ask(lookUp(), name, options)).toBe(expected);
  });
});
