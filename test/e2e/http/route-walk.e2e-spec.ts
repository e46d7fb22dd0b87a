import type { KnownRoute } from '../../../apps/gateway/src/http/routes/route-table.js';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { expectError } from '../../support/expect-error.js';
import { requestRaw, type RawAnswer } from '../../support/raw-request.js';
import { useGateway } from '../../support/use-gateway.js';

const ID = '6240000000000001';

/** Every route that is not declared public wants a key, however its path is spelled. */
describe('no spelling of a path passes the key check', () => {
  const { gateway } = useGateway({ environment: { ADMIN_KEY } });

  const routes = (): readonly KnownRoute[] => gateway.app.getHttpAdapter().getInstance().routeTable.all();
  const filled = ({ path }: KnownRoute): string => path.replace(/:\w+/g, ID).replace('*', 'x');
  const guarded = (): KnownRoute[] => routes().filter(({ isPublic }) => !isPublic);
  const bare = (method: string, target: string): Promise<RawAnswer> => requestRaw(gateway.url, method, target);

  it('knows which routes are public, and no more', () => {
    const open = routes()
      .filter(({ isPublic, method, path }) => isPublic && method !== 'HEAD' && !path.startsWith('/docs'))
      .map(({ method, path }) => `${method} ${path}`)
      .filter(
        (route) =>
          !/^GET \/(?:health\/(?:live|ready)$|mj\/(?:image|video)\/:id|studio(?:\/(?:\*|assets\/:name)?)?$)/.test(
            route,
          ),
      );
    expect(open.sort()).toEqual([
      'DELETE /studio/session',
      'GET /mj/input/:name',
      'GET /studio/session',
      'PATCH /studio/session',
      'POST /mj/notify/:token',
      'POST /studio/session',
    ]);
    expect(guarded().length).toBeGreaterThan(5);
  });

  it('asks for the key of the admin under /admin, for metrics and for what health tells in detail, and nowhere else', () => {
    const admin = guarded().filter(({ isAdmin }) => isAdmin);
    expect(admin.length).toBeGreaterThan(20);
    expect(
      guarded()
        .filter(({ path }) => path.startsWith('/admin'))
        .every(({ isAdmin }) => isAdmin),
    ).toBe(true);
    const elsewhere = admin
      .filter(({ path }) => !path.startsWith('/admin/'))
      .map(({ method, path }) => `${method} ${path}`);
    expect(elsewhere.sort()).toEqual(['GET /health/details', 'GET /metrics', 'HEAD /health/details', 'HEAD /metrics']);
  });

  it('answers every guarded route 401 without a key', async () => {
    for (const route of guarded()) {
      const answer = await bare(route.method, filled(route));
      expect({ route, status: answer.status }).toEqual({ route, status: 401 });
      if (route.method === 'HEAD') expect(answer.text).toBe('');
      else if (route.isAdmin) {
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
        expect(JSON.parse(answer.text)).toMatchObject({ type: 'urn:journeyman:problem:admin_key_is_invalid' });
      } else {
        expectError(answer, 401, 'invalid_api_key');
        expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'invalid_api_key' } });
      }
    }
  });

  const encode = (text: string): string => text.replace(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  const variants: [string, (path: string) => string][] = [
    ['upper case', (path) => path.toUpperCase()],
    ['a capital', (path) => path.replace(/\/([a-z])/, (_, letter: string) => `/${letter.toUpperCase()}`)],
    ['a doubled slash before', (path) => `/${path}`],
    ['a doubled slash inside', (path) => path.replace(/(.)\//, '$1//')],
    ['a slash behind', (path) => `${path}/`],
    ['a dot behind', (path) => `${path}.`],
    ['a dot segment', (path) => `/.${path}`],
    ['a way back', (path) => `/docs/..${path}`],
    ['an encoded way back', (path) => `/docs/%2e%2e${path}`],
    ['encoded letters', encode],
    ['one encoded letter', (path) => path.replace('m', '%6d')],
    ['letters encoded twice', (path) => encode(path).replaceAll('%', '%25')],
    ['encoded slashes', (path) => `/${path.slice(1).replaceAll('/', '%2f')}`],
    ['a backslash', (path) => path.replaceAll('/', '\\').replace('\\', '/')],
    ['a semicolon', (path) => `${path};x=1`],
    ['a query', (path) => `${path}?x=/docs`],
    ['a fragment', (path) => `${path}#/docs`],
    ['a key in the query', (path) => `${path}?mj-api-secret=KEY&authorization=KEY&token=KEY`],
    ['the key of the admin in the query', (path) => `${path}?authorization=ADMIN&mj-api-secret=ADMIN&key=ADMIN`],
    ['a mode prefix', (path) => `/mj-fast${path}`],
    ['the short prefix', (path) => `/turbo${path}`],
    ['two prefixes', (path) => `/mj-fast/mj-fast${path}`],
    ['an encoded prefix', (path) => `/mj%2dfast${path}`],
    ['a host', (path) => `http://gateway.test${path}`],
    ['an extension', (path) => `${path}.json`],
    ['NUL', (path) => `${path}%00`],
    ['a space', (path) => `${path}%20`],
  ];

  it.each(variants)('with %s', async (_, spell) => {
    for (const route of guarded()) {
      const target = spell(filled(route)).replaceAll('KEY', gateway.key).replaceAll('ADMIN', ADMIN_KEY);
      const { status, bytes } = await bare(route.method, target);
      expect({ target, method: route.method, ok: [401, 404, 405].includes(status) ? 'yes' : bytes }).toMatchObject({
        ok: 'yes',
      });
    }
  });

  it('is the same route under /mj with a slash behind it and several before, guarded as it is', async () => {
    const all = routes().filter(({ path }) => path.startsWith('/mj/'));
    expect(all.length).toBeGreaterThan(20);
    for (const route of all) {
      const plain = await bare(route.method, filled(route));
      if (!route.isPublic) expect([route.path, plain.status]).toEqual([route.path, 401]);
      for (const target of [`${filled(route)}/`, `//${filled(route)}/?x=1`, `/fast/${filled(route)}`]) {
        const { status, text } = await bare(route.method, target);
        expect([target, status, text]).toEqual([target, plain.status, plain.text]);
      }
    }
  });

  it('works so for those who have a key', async () => {
    for (const path of [
      '//mj/submit/imagine',
      '/mj/submit/imagine/',
      '/fast//mj/submit/imagine/',
      '///mj-turbo//mj/submit/imagine',
    ]) {
      const { json } = await gateway.post<{ code: number; result: string }>(path, { prompt: 'a fox' });
      expect([path, json.code]).toEqual([path, 1]);
      const mode = { fast: 'FAST', turb: 'TURBO' }[/fast|turb/.exec(path)?.[0] ?? ''] ?? 'FAST';
      expect((await gateway.get(`//mj/task/${json.result}/fetch/`)).json).toMatchObject({ id: json.result, mode });
    }
  });
});
