import { EXIT, runAdmin } from '../../../apps/admin/src/admin-program.js';
import { readConfiguration } from '../../../apps/admin/src/config/admin-config.js';
import type { AdminKeyDto, CreatedKeyDto } from '../../../apps/gateway/src/admin/keys/admin-key.dto.js';
import { ADMIN_KEY, type Wire } from '../../support/admin-client.js';
import { StudioBrowser } from '../../support/studio-browser.js';
import { useGateway } from '../../support/use-gateway.js';

interface Run {
  code: number;
  out: string;
  err: string;
}

describe('the command line of the admin API', () => {
  const { gateway, upstream } = useGateway({ environment: { ADMIN_KEY } });
  const files = new Map<string, string>();

  const at = async (config: { url: string; adminKey: string }, words: string[]): Promise<Run> => {
    const run: Run = { code: -1, out: '', err: '' };
    run.code = await runAdmin({
      config,
      words,
      say: (text) => (run.out += text),
      warn: (text) => (run.err += text),
      readFile: (path) => {
        const text = files.get(path);
        return text === undefined
          ? Promise.reject(Object.assign(new Error(`no ${path}`), { code: 'ENOENT' }))
          : Promise.resolve(text);
      },
    });
    return run;
  };
  const admin = (...words: string[]): Promise<Run> => at({ url: gateway.url, adminKey: ADMIN_KEY }, words);
  const json = async <T>(...words: string[]): Promise<Wire<T>> => {
    const { code, out, err } = await admin('--json', ...words);
    expect({ code, err }).toEqual({ code: EXIT.done, err: '' });
    return JSON.parse(out) as Wire<T>;
  };

  it('makes links to Studio, of which nothing but the link is printed, and ends sessions', async () => {
    const { code, out } = await admin('studio-link');
    expect({ code, out }).toEqual({
      code: EXIT.done,
      out: expect.stringMatching(/^http:\/\/[^/]+\/studio#ticket=jst_[\w-]{43}\n$/),
    });
    const { items: keys } = await json<{ items: { id: string }[] }>('keys', 'list', '--limit', '1');
    const id = keys[0]?.id ?? '';
    const made = await json<{ url: string; expiresAt: string }>('studio-link', '--key', id);
    const browser = new StudioBrowser(gateway);
    const { json: session } = await browser.signIn({ ticket: made.url.split('#ticket=')[1] ?? '' });
    expect(session).toMatchObject({ role: 'admin', keyId: id });
    const { items } = await json<{ items: { id: string }[] }>('sessions', 'list');
    expect((await admin('sessions', 'list')).out).toMatch(/^ID +ROLE +KEYNAME/);
    expect((await admin('sessions', 'revoke', items[0]?.id ?? '')).code).toBe(EXIT.done);
    expect((await browser.get('/studio/session')).status).toBe(401);
    expect((await admin('sessions', 'revoke', '999999')).code).toBe(EXIT.refused);
  });

  it('makes, shows, changes and revokes keys', async () => {
    const made = await json<CreatedKeyDto>(
      'keys',
      'create',
      '--name',
      'bob',
      '--credits',
      '10',
      '--modes',
      'fast,relax',
      '--upstream-kinds',
      'midjourney-proxy',
    );
    expect(made).toMatchObject({
      name: 'bob',
      credits: '10.000000',
      modes: ['FAST', 'RELAX'],
      upstreamKinds: ['midjourney-proxy'],
      key: expect.stringMatching(/^sk-/),
    });
    expect((await admin('keys', 'list')).out).toMatch(new RegExp(`^ID +NAME +PREFIX[^]*\\n${made.id} +bob +sk-`));
    const patched = await json<AdminKeyDto>('keys', 'patch', made.id, '--max-concurrent', '3', '--modes', 'none');
    expect(patched).toMatchObject({ maxConcurrent: 3, modes: null, credits: '10.000000' });
    expect(await json('keys', 'credits', made.id, '-2.5', '--note', 'back')).toMatchObject({ balance: '7.500000' });
    expect(await json('keys', 'rotate-webhook-secret', made.id)).toMatchObject({
      webhookSecret: expect.stringMatching(/^whsec_/),
    });
    expect((await admin('keys', 'show', made.id)).out).toMatch(/^id +\d+\nname +bob\n/);
    expect(await json('keys', 'revoke', made.id)).toMatchObject({ revokedAt: expect.any(String) });
    const page = await json<{ items: AdminKeyDto[] }>('keys', 'list', '--all', '--limit', '1');
    expect(page.items.map(({ name }) => name)).toEqual(['bob', 'default']);
    expect((await admin('keys', 'list', '--limit', '1')).out).toContain('There are more: --cursor ');
  });

  it('manages upstreams, and takes a secret from a file only', async () => {
    files.set('secret', 'upstream-secret\n');
    const made = await json<{ id: string }>(
      ...['upstreams', 'create', '--name', 'second', '--base-url', upstream.url, '--secret-file', 'secret'],
      ...['--submit-ms', '9000', '--enabled', 'false', '--kind', 'midjourney-proxy'],
      ...['--default-version', '7', '--model-versions', '7, niji 7', '--follow-ups', 'rebase'],
    );
    expect(made).toMatchObject({ hasSecret: true, enabled: false, timeouts: { submitMs: 9_000, pollMs: null } });
    expect(made).toMatchObject({ defaultVersion: '7', modelVersions: ['7', 'niji 7'], followUps: 'rebase' });
    expect(await json('upstreams', 'patch', made.id, '--secret-file', 'none', '--weight', '2')).toMatchObject({
      hasSecret: false,
      weight: 2,
    });
    expect(await json('upstreams', 'test', made.id)).toMatchObject({ ok: true, links: 'unreachable' });
    expect((await admin('upstreams', 'test', made.id)).out).toMatch(
      /^ok +true[^]*\n\nIt cannot fetch our links.*PUBLIC_URL/,
    );
    expect((await admin('upstreams', 'create', '--help')).out).toContain('<app>|<secret>');
    expect((await admin('upstreams', 'list')).out).toMatch(/second/);
    expect(await json('upstreams', 'retire', made.id)).toMatchObject({ enabled: false });
    expect((await admin('upstreams', 'patch', made.id, '--secret-file', 'nowhere')).code).toBe(EXIT.usage);
  });

  it('lists, ends and refunds tasks', async () => {
    const { json: submit } = await gateway.post<{ result: string }>('/mj/submit/imagine', {
      prompt: 'a \u001b[31mred fox',
    });
    const id = submit.result;
    const { out } = await admin('tasks', 'list', '-q', 'red fox', '--status', 'submitted');
    expect(out).toContain(id);
    expect(out).not.toContain('\u001b');
    expect((await admin('tasks', 'list', '--mode', 'TURBO')).out).toBe('There are none.\n');
    expect(await json('tasks', 'show', id)).toMatchObject({ task: { id }, ledger: [{ kind: 'hold' }] });
    expect(await json('tasks', 'refund', id, '--note', 'early')).toMatchObject({ cost: '0' });
    expect(await json('tasks', 'fail', id, '--reason', 'enough')).toMatchObject({ status: 'FAILURE' });
    const again = await admin('tasks', 'fail', id, '--reason', 'enough');
    expect(again).toMatchObject({
      code: EXIT.refused,
      out: '',
      err: expect.stringMatching(/^The task has ended.*\(request /),
    });
    expect(await json('stats')).toMatchObject({ total: { failed: 1 } });
    expect(await json('hooks', 'list')).toEqual({ items: [], nextCursor: null });
    expect(await json('receivers', 'list', '--state', 'failing')).toEqual({ items: [], nextCursor: null });
    expect((await admin('hooks', 'resend', id)).code).toBe(EXIT.refused);
    expect(await json('hooks', 'replay', '--since', '2020-01-01', '--dry-run')).toMatchObject({ count: 0 });
  });

  it('changes settings', async () => {
    const prices = await json<{ action: string; mode: string; price: string }[]>('prices', 'list');
    const changed = await json<typeof prices>('prices', 'set', 'imagine', 'fast', '0.2');
    expect(changed).toHaveLength(prices.length);
    expect(changed).toContainEqual({ action: 'IMAGINE', mode: 'FAST', price: '0.200000' });
    expect(await json('prices', 'remove', 'VIDEO', 'TURBO')).toHaveLength(prices.length - 1);
    files.set('-', JSON.stringify([{ action: '*', mode: '*', price: '1' }]));
    expect((await admin('prices', 'replace', '-')).out).toMatch(/^ACTION +MODE +PRICE\n\* +\* +1\.000000\n$/);
    files.set('broken', '[{');
    expect(await admin('prices', 'replace', 'broken')).toMatchObject({ code: EXIT.usage });
    files.set('sla', JSON.stringify([{ mode: 'FAST', targetSeconds: 60, targetRatio: 0.9 }]));
    expect(await json('sla', 'replace', 'sla')).toHaveLength(1);
    expect(await json('sla', 'list')).toHaveLength(1);
    await admin('banned-words', 'add', 'Gore', '--note', 'policy');
    await admin('banned-words', 'add', 'blood');
    expect(await json('banned-words', 'remove', 'GORE')).toMatchObject([{ word: 'blood' }]);
    expect((await admin('banned-words', 'list')).out).toMatch(/blood/);
    expect((await admin('audit', '--target', 'prices')).out).toMatch(/PUT \/admin\/prices/);
  });

  it('changes no price list that somebody else has changed meanwhile', async () => {
    // Another admin is quicker: between the read of the list and its change.
    const original = globalThis.fetch;
    let price = 7;
    const spy = jest.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      if (init?.method === 'PUT') {
        const { authorization = '' } = init.headers as Record<string, string>;
        const headers = { authorization, 'content-type': 'application/json' };
        const body = JSON.stringify([{ action: '*', mode: '*', price: String((price += 1)) }]);
        await original(`${gateway.url}/admin/prices`, { method: 'PUT', headers, body });
      }
      return original(input, init);
    });
    const set = await admin('prices', 'set', 'imagine', 'fast', '0.5');
    const remove = await admin('prices', 'remove', '*', '*');
    spy.mockRestore();
    for (const run of [set, remove]) expect(run).toMatchObject({ code: EXIT.refused, out: '' });
    expect(await json('prices', 'list')).toMatchObject([{ action: '*', mode: '*', price: '9.000000' }]);
  });

  it('says what is wrong, and ends with a code that tells what kind', async () => {
    expect(await admin('keys', 'create', '--name', 'x', '--credits', 'much')).toMatchObject({
      code: EXIT.refused,
      err: expect.stringMatching(/^Wrong: credits \(request .+\)\n {2}credits: must be a decimal/),
    });
    expect(await admin('keys', 'create')).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('--name') });
    expect(await admin('nothing')).toMatchObject({ code: EXIT.usage });
    expect(await admin('--help')).toMatchObject({
      code: EXIT.done,
      err: '',
      out: expect.stringContaining('banned-words'),
    });
    expect(await admin('keys', 'show', '../prices')).toMatchObject({ code: EXIT.refused });
    const wrongKey = await at({ url: gateway.url, adminKey: 'another-key-0123456789' }, ['keys', 'list']);
    expect(wrongKey).toMatchObject({ code: EXIT.refused, err: expect.stringContaining('ADMIN_KEY') });
    const nobody = await at({ url: 'http://127.0.0.1:9', adminKey: ADMIN_KEY }, ['keys', 'list']);
    expect(nobody).toMatchObject({ code: EXIT.unreachable, err: expect.stringContaining('http://127.0.0.1:9') });
    const other = await at({ url: `${gateway.url}/docs`, adminKey: ADMIN_KEY }, ['keys', 'list']);
    expect(other.code).not.toBe(EXIT.done);
  });
});

describe('its configuration', () => {
  it('reads where the gateway is, and its key', () => {
    expect(readConfiguration({ ADMIN_KEY: 'k', JOURNEYMAN_URL: 'https://mj.example/' })).toEqual({
      kind: 'ok',
      config: { url: 'https://mj.example', adminKey: 'k' },
    });
    expect(readConfiguration({ ADMIN_KEY: 'k' })).toMatchObject({ config: { url: 'http://127.0.0.1:8080' } });
    expect(readConfiguration({ DATA_DIR: '/nowhere' })).toMatchObject({ kind: 'wrong' });
    expect(readConfiguration({ ADMIN_KEY: 'k', JOURNEYMAN_URL: 'mj.example' })).toMatchObject({ kind: 'wrong' });
    expect(readConfiguration({ JOURNEYMAN_URL: 'mj.example', DATA_DIR: '/nowhere' })).toMatchObject({
      mistakes: [expect.stringContaining('ADMIN_KEY'), expect.stringContaining('JOURNEYMAN_URL')],
    });
    expect(readConfiguration({ ADMIN_KEY: 'k', PORT: '8181' })).toMatchObject({
      config: { url: 'http://127.0.0.1:8181' },
    });
    expect(readConfiguration({ ADMIN_KEY: 'k', PORT: 'abc' })).toMatchObject({ kind: 'wrong' });
  });
});
