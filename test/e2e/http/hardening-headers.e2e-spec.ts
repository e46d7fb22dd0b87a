import type { KnownRoute } from '../../../apps/gateway/src/http/routes/route-table.js';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { requestRaw } from '../../support/raw-request.js';
import { useGateway } from '../../support/use-gateway.js';

const ID = '6240000000000001';

/** What stands around every answer, made from the route table. */
describe('headers of every answer', () => {
  const { gateway } = useGateway({ environment: { ADMIN_KEY } });
  let routes: readonly KnownRoute[];

  beforeAll(() => {
    routes = gateway.app.getHttpAdapter().getInstance().routeTable.all();
  });

  /** The stream of all tasks of a key never ends; that of one which is not there does at once. */
  const ENDING: Readonly<Record<string, string>> = { '/mj/task/events': `/mj/task/events?ids=${ID}` };
  const filled = ({ path }: KnownRoute): string =>
    ENDING[path] ?? path.replace(/:\w+/g, ID).replace('*', 'swagger-ui.css');

  it('say what it is and nothing of what answers, with a key and without', async () => {
    expect(routes.length).toBeGreaterThan(40);
    for (const route of routes) {
      for (const key of ['', gateway.key, ADMIN_KEY]) {
        const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
        const answer = await requestRaw(gateway.url, route.method, filled(route), { headers });
        const at = `${route.method} ${route.path} ${answer.status}`;
        expect([at, answer.headers]).toEqual([
          at,
          expect.objectContaining({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }),
        ]);
        for (const name of ['server', 'x-powered-by', 'set-cookie', 'via'])
          expect([at, answer.headers]).not.toEqual([at, expect.objectContaining({ [name]: expect.anything() })]);
        if (!/json/.test(answer.headers['content-type'] ?? '')) continue;
        expect([at, answer.headers]).toEqual([
          at,
          expect.objectContaining({
            'x-frame-options': 'DENY',
            'cache-control': expect.stringMatching(/^(?:no-store|private, no-cache)$/),
          }),
        ]);
      }
    }
  });

  it('let a client keep what it may only use after asking', async () => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
    const first = await gateway.get(`/mj/task/${json.result}/fetch`);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const again = await gateway.get(`/mj/task/${json.result}/fetch`, {
      'if-none-match': first.headers.get('etag') ?? '',
    });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each(['/docs', '/docs/', '/docs/swagger-ui-init.js', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css'])(
    'keep the documentation out of frames, and foreign scripts out of it: %s',
    async (path) => {
      const { status, headers } = await gateway.call(path, {});
      expect(status).toBe(200);
      expect(headers.get('x-frame-options')).toBe('DENY');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe|\*|https?:/);
    },
  );

  it('allow every script that the documentation has', async () => {
    const { text } = await gateway.call('/docs', {});
    const scripts = [...text.matchAll(/<script\b([^>]*)>([^<]*)/gi)].map(([, attributes = '', inside = '']) => ({
      src: /\bsrc="([^"]+)"/.exec(attributes)?.[1] ?? null,
      inside: inside.trim(),
    }));
    expect(scripts.length).toBeGreaterThan(1);
    for (const { src, inside } of scripts) {
      expect([src, inside]).toEqual([expect.stringMatching(/^\.?\/?(?!\/|https?:)/), '']);
      const { pathname } = new URL(src ?? '', `${gateway.url}/docs`);
      expect((await gateway.call(pathname, {})).headers.get('content-type')).toMatch(/javascript/);
    }
    expect(text).not.toMatch(/\son\w+=/i);
  });

  it.each(['/docs/../package.json', '/docs/..%2f..%2fpackage.json', '/docs/%2e%2e/package.json'])(
    'come with no file of ours: %s',
    async (target) => {
      const answer = await requestRaw(gateway.url, 'GET', target);
      expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('not_found')]);
    },
  );
});
