import { Logger } from '@nestjs/common';
import { ScriptedAdapter, UpstreamRig } from '../../test/upstream-rig.js';
import { noteLinksFetched } from './links-fetched.js';
import { UpstreamAdmin } from './upstream-admin.js';
import type { UpstreamInput, UpstreamState } from './upstream-state.js';

const INPUT: UpstreamInput = { name: 'a', baseUrl: 'https://a.example/mj/', secret: 's3cret' };

let rig: UpstreamRig;
let scripted: ScriptedAdapter;
let directory: UpstreamAdmin;
beforeAll(async () => {
  Logger.overrideLogger(false);
  rig = await UpstreamRig.open();
});
beforeEach(() => {
  scripted = new ScriptedAdapter();
  directory = directoryAt(null);
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

function directoryAt(publicUrl: string | null): UpstreamAdmin {
  return new UpstreamAdmin(rig.database, rig.secrets, scripted, {
    submitTimeoutMs: 30_000,
    pollTimeoutMs: 10_000,
    publicUrl,
    standIn: 'simulator',
  });
}

async function created(input: Partial<UpstreamInput> = {}): Promise<UpstreamState> {
  const made = await directory.create({ ...INPUT, ...input });
  if (made.kind !== 'created') throw new Error(made.kind);
  return made.upstream;
}

describe('create', () => {
  it('makes an upstream with defaults for settings that are left out, and shows no secret', async () => {
    const made = await created();
    expect(made).toMatchObject({
      name: 'a',
      kind: 'midjourney-proxy',
      baseUrl: 'https://a.example',
      hasSecret: true,
      weight: 1,
      priority: 0,
      modes: null,
      actions: null,
      maxConcurrent: 12,
      enabled: true,
      acceptsNotifyHook: false,
      acceptsAccountFilter: false,
      defaultVersion: null,
      modelVersions: null,
      followUps: 'sticky',
      capabilities: { readsBatches: null, takesInlinePictures: true, cancels: true, echoesPushUrl: false },
      timeouts: { submitMs: null, pollMs: null },
      running: 0,
      circuit: 'closed',
      lastOkAt: null,
      lastError: null,
      latencyMs: null,
    });
    expect(made.fullTexts.length).toBeGreaterThan(0);
    expect(JSON.stringify(made)).not.toContain('s3cret');
    expect(made).not.toHaveProperty('secret');
    expect(await directory.find(made.id)).toEqual(made);
    expect(await directory.list()).toEqual([made]);
  });

  it('asks it whether it leads elsewhere', async () => {
    expect(await directory.create(INPUT)).toMatchObject({ kind: 'created', redirectsTo: null });
    scripted.redirectsTo = 'https://b.example/mj/task/list-by-condition';
    expect(await directory.create({ ...INPUT, name: 'b' })).toMatchObject({ redirectsTo: scripted.redirectsTo });
    scripted.redirectsTo = null;
    scripted.fault = 'connect';
    expect(await directory.create({ ...INPUT, name: 'c' })).toMatchObject({ kind: 'created', redirectsTo: null });
  });

  it('keeps a proxy sealed, and shows only that there is one', async () => {
    const proxyUrl = 'http://alice:pa55@10.0.0.1:3128';
    const made = await created({ proxyUrl, userAgent: 'Mozilla/5.0' });
    expect(made).toMatchObject({ hasProxy: true, userAgent: 'Mozilla/5.0' });
    expect(JSON.stringify(made)).not.toMatch(/pa55|10\.0\.0\.1/);
    const [row] = await rig.sql<{ proxy_url: Buffer }>('select proxy_url from upstream');
    expect(row?.proxy_url.toString('latin1')).not.toContain('pa55');
    expect(rig.secrets.open(row?.proxy_url ?? Buffer.alloc(0))).toBe(proxyUrl);
    const changed = await directory.change(made.id, { proxyUrl: null, userAgent: null });
    expect(changed).toMatchObject({ upstream: { hasProxy: false, userAgent: null } });
    expect(await directory.change(made.id, { weight: 2 })).toMatchObject({ upstream: { hasProxy: false } });
  });

  it.each(['ftp://10.0.0.1', 'http://10.0.0.1/path', 'nonsense'])('takes no %s for a proxy', async (proxyUrl) => {
    expect(await directory.create({ ...INPUT, proxyUrl })).toEqual({ kind: 'proxy_invalid' });
    const { id } = await created();
    expect(await directory.change(id, { proxyUrl })).toEqual({ kind: 'proxy_invalid' });
  });

  it('keeps all that is given, the secret sealed', async () => {
    const made = await created({
      weight: 3,
      priority: 7,
      modes: ['FAST'],
      actions: [],
      maxConcurrent: 2,
      enabled: false,
      acceptsNotifyHook: true,
      acceptsAccountFilter: true,
      timeouts: { submitMs: 5_000, pollMs: 6_000 },
      fullTexts: ['jammed'],
      defaultVersion: '8.2',
      modelVersions: ['7', '8.2'],
      followUps: 'rebase',
    });
    expect(made).toMatchObject({
      ...{ weight: 3, priority: 7, modes: ['FAST'], actions: [], maxConcurrent: 2, enabled: false },
      ...{ acceptsNotifyHook: true, acceptsAccountFilter: true, fullTexts: ['jammed'] },
      timeouts: { submitMs: 5_000, pollMs: 6_000 },
      ...{ defaultVersion: '8.2', modelVersions: ['7', '8.2'], followUps: 'rebase' },
    });
    const { upstreams, target } = await rig.replica(scripted);
    expect(target(made.id)).toMatchObject({ secret: 's3cret', submitTimeoutMs: 5_000, pollTimeoutMs: 6_000 });
    expect(upstreams.usable()).toEqual([]);
  });

  it.each([
    ['youchuan', 'https://a.example/v1/tob/', 'https://a.example', true],
    ['legnext', 'https://a.example/api/v1', 'https://a.example/api', true],
    ['apimart', 'https://a.example/v1/midjourney', 'https://a.example', false],
  ] as const)('makes one of kind %s', async (kind, baseUrl, kept, acceptsNotifyHook) => {
    const made = await created({ kind, baseUrl, secret: 'app|s3cret' });
    expect(made).toMatchObject({ kind, baseUrl: kept, acceptsNotifyHook, readsBatches: false });
    const { upstreams, capabilities } = await rig.replica(scripted);
    expect(upstreams.find(made.id)?.capabilities.readsBatches).toBe(false);
    await capabilities.record(made.id, { readsBatches: true });
    expect(capabilities.of(made.id).readsBatches).toBe(false);
    expect(await rig.sql('select reads_batches from upstream')).toEqual([{ reads_batches: null }]);
  });

  it.each([
    [{ kind: 'youchuan', secret: 'app' }, 'secret'],
    [{ kind: 'legnext', secret: null }, 'secret'],
    [{ kind: 'apimart', acceptsNotifyHook: true }, 'acceptsNotifyHook'],
    [{ kind: 'youchuan', secret: 'a|b', defaultVersion: '8.2' }, 'defaultVersion'],
  ] as const)('makes none of %j', async (terms, field) => {
    expect(await directory.create({ ...INPUT, ...terms })).toMatchObject({ kind: 'unfit', term: { field } });
    expect(await directory.list()).toEqual([]);
  });

  it('has one live upstream of a name', async () => {
    const first = await created();
    expect(await directory.create({ ...INPUT, baseUrl: 'https://b.example' })).toEqual({ kind: 'name_taken' });
    await directory.retire(first.id);
    expect((await created()).id).not.toBe(first.id);
  });

  it.each(['', 'a.example', 'ftp://a.example', 'file:///etc/passwd', 'https://me:secret@a.example'])(
    'takes no %j for an address',
    async (baseUrl) => {
      expect(await directory.create({ ...INPUT, baseUrl })).toEqual({ kind: 'address_invalid' });
      expect(await directory.list()).toEqual([]);
    },
  );

  it('relieves the stand-in, once it is itself switched on', async () => {
    const standIn = await created({ name: 'simulator' });
    expect(standIn.enabled).toBe(true);
    const { id } = await created({ name: 'b', enabled: false });
    expect((await directory.find(standIn.id))?.enabled).toBe(true);
    await directory.change(id, { weight: 2 });
    expect((await directory.find(standIn.id))?.enabled).toBe(true);
    await directory.change(id, { enabled: true });
    expect((await directory.find(standIn.id))?.enabled).toBe(false);
  });
});

describe('change', () => {
  it('changes the given settings and no others', async () => {
    const made = await created({ modes: ['FAST'], timeouts: { submitMs: 5_000, pollMs: 6_000 } });
    expect(await directory.change(made.id, {})).toEqual({ kind: 'changed', upstream: made });
    const changed = await directory.change(made.id, {
      name: 'b',
      modes: null,
      actions: ['IMAGINE'],
      maxConcurrent: 3,
      timeouts: { pollMs: null },
    });
    const expected = { ...made, name: 'b', modes: null, actions: ['IMAGINE'], maxConcurrent: 3 };
    expect(changed).toEqual({
      kind: 'changed',
      upstream: { ...expected, timeouts: { submitMs: 5_000, pollMs: null } },
    });
  });

  it('changes the secret, and takes it away', async () => {
    const { id } = await created();
    await directory.change(id, { secret: 'other' });
    const { upstreams, target } = await rig.replica(scripted);
    expect(target(id).secret).toBe('other');
    expect(await directory.change(id, { secret: null })).toMatchObject({ upstream: { hasSecret: false } });
    await upstreams.refresh();
    expect(target(id).secret).toBeNull();
  });

  it('changes versions and follow-ups, and takes no default that it lacks', async () => {
    const { id } = await created({ modelVersions: ['7', '8.1'] });
    expect(await directory.change(id, { defaultVersion: '8.1', followUps: 'rebase' })).toMatchObject({
      upstream: { defaultVersion: '8.1', modelVersions: ['7', '8.1'], followUps: 'rebase' },
    });
    const refused = { kind: 'unfit', term: { field: 'defaultVersion' } };
    expect(await directory.change(id, { defaultVersion: '8.2' })).toMatchObject(refused);
    expect(await directory.change(id, { modelVersions: ['7'] })).toMatchObject(refused);
    expect(await directory.change(id, { modelVersions: null, defaultVersion: null })).toMatchObject({
      upstream: { defaultVersion: null, modelVersions: null },
    });
  });

  it('judges a new secret by the kind that it has', async () => {
    const { id } = await created({ kind: 'youchuan', secret: 'app|s3cret' });
    for (const secret of [null, '', 'app', 'app|']) {
      expect(await directory.change(id, { secret })).toMatchObject({ kind: 'unfit', term: { field: 'secret' } });
    }
    expect(await directory.change(id, { secret: 'app|new|er', weight: 2 })).toMatchObject({ kind: 'changed' });
    expect((await rig.replica(scripted)).target(id).secret).toBe('app|new|er');
  });

  it('keeps its address: another one is another server', async () => {
    const made = await created();
    expect(await directory.change(made.id, { baseUrl: 'https://a.example/' })).toMatchObject({ kind: 'changed' });
    expect(await directory.change(made.id, { baseUrl: 'https://b.example', weight: 9 })).toEqual({
      kind: 'address_fixed',
    });
    expect(await directory.find(made.id)).toEqual(made);
  });

  it('gives it no name that another has', async () => {
    await created();
    const { id } = await created({ name: 'b' });
    expect(await directory.change(id, { name: 'a' })).toEqual({ kind: 'name_taken' });
  });

  it.each(['4711', 'x', '', '99999999999999999999'])('knows no upstream %j', async (id) => {
    expect(await directory.change(id, { weight: 2 })).toEqual({ kind: 'unknown' });
    expect(await directory.change(id, { baseUrl: 'https://a.example' })).toEqual({ kind: 'unknown' });
    expect([await directory.find(id), await directory.retire(id), await directory.test(id)]).toEqual([
      null,
      false,
      null,
    ]);
  });
});

describe('retire', () => {
  it('gives it no more work, and keeps it for its tasks', async () => {
    const { id } = await created();
    expect(await directory.retire(id)).toBe(true);
    const retired = await directory.find(id);
    expect(retired?.enabled).toBe(false);
    expect(retired?.retiredAt).toBeInstanceOf(Date);
    expect(await directory.change(id, { enabled: true })).toEqual({ kind: 'unknown' });
    expect(await directory.retire(id)).toBe(true);
    expect((await directory.find(id))?.retiredAt).toEqual(retired?.retiredAt);
  });
});

describe('how it stands', () => {
  it.each(['unauthorized', 'payment_required', 'forbidden', 'not_found', 'redirected'])(
    'misconfigured (%s), until anything is changed',
    async (why) => {
      const { id } = await created();
      await rig.sql(
        `update upstream set misconfigured = $1, circuit_until = now() + interval '60 s', circuit_opens = 3`,
        [why],
      );
      expect(await directory.find(id)).toMatchObject({ misconfigured: true, circuit: 'open' });
      expect(await directory.change(id, { priority: 1 })).toMatchObject({
        upstream: { misconfigured: false, circuit: 'closed', circuitOpens: 0 },
      });
    },
  );

  it('failing, also when something is changed', async () => {
    const { id } = await created();
    await rig.sql(`update upstream set circuit_until = now() + interval '60 s', circuit_opens = 3`);
    expect(await directory.change(id, { priority: 1 })).toMatchObject({
      upstream: { misconfigured: false, circuit: 'open', circuitOpens: 3 },
    });
  });

  it.each([
    ['closed', 'null'],
    ['open', "now() + interval '1 minute'"],
    ['half-open', "now() - interval '1 second'"],
  ])('a circuit that is %s', async (circuit, until) => {
    const { id } = await created();
    await rig.sql(`update upstream set circuit_until = ${until}`);
    expect(await directory.find(id)).toMatchObject({ circuit });
  });
});

describe('test', () => {
  it('says that it answered, and how long it took', async () => {
    const { id } = await created();
    scripted.calls.length = 0;
    expect(await directory.test(id)).toEqual({
      ok: true,
      latencyMs: expect.any(Number) as number,
      links: 'unreachable',
      linksReason: 'no_public_url',
    });
    expect(scripted.calls).toEqual(['probe']);
  });

  it('says what is left there', async () => {
    const { id } = await created();
    scripted.reply = { readsBatches: true, credit: '17 points' };
    expect(await directory.test(id)).toMatchObject({ credit: '17 points' });
  });

  it('says that links can be reached once one was fetched', async () => {
    const at = directoryAt('https://mj.example');
    const { id } = await created();
    await noteLinksFetched(rig.database, id);
    expect(await at.test(id)).toMatchObject({ links: 'reachable' });
    expect(await directory.test(id)).toMatchObject({ links: 'unreachable' });
  });

  it.each([
    ['https://mj.example', 'https://a.example', { links: 'unknown' }],
    ['http://127.0.0.1:8080', 'http://localhost:9000', { links: 'unknown' }],
    ['http://127.0.0.1:8080', 'https://a.example', { links: 'unreachable', linksReason: 'loopback' }],
  ])('says whether %s can be reached from %s', async (publicUrl, baseUrl, reach) => {
    const at = directoryAt(publicUrl);
    const { id } = await created({ baseUrl });
    expect(await at.test(id)).toMatchObject(reach);
  });

  it('says where it leads', async () => {
    const { id } = await created();
    scripted.redirectsTo = 'https://b.example/mj/task/list-by-condition';
    expect(await directory.test(id)).toMatchObject({
      ok: false,
      error: 'redirected',
      redirectsTo: scripted.redirectsTo,
    });
  });

  it.each(['connect', 'status_4xx', 'timeout'] as const)('says how it failed: %s', async (fault) => {
    const { id } = await created();
    scripted.fault = fault;
    expect(await directory.test(id)).toEqual({
      ok: false,
      latencyMs: expect.any(Number) as number,
      error: fault,
      links: 'unreachable',
      linksReason: 'no_public_url',
    });
  });

  it('says so where the secret cannot be opened', async () => {
    const { id } = await created();
    await rig.sql(`update upstream set secret = '\\x00'`);
    scripted.calls.length = 0;
    expect(await directory.test(id)).toMatchObject({ ok: false, error: 'secret' });
    expect(scripted.calls).toEqual([]);
  });
});
