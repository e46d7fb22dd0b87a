import { expectError } from '../../support/expect-error.js';
import { requestRaw, type RawAnswer } from '../../support/raw-request.js';
import { useGateway } from '../../support/use-gateway.js';

const ID = '6240000000000001';

/** Whatever is wrong with path, method or parameters, it is answered in JSON and with the right status. */
describe('errors of the HTTP layer', () => {
  const { gateway } = useGateway();

  const ask = (
    method: string,
    target: string,
    more: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<RawAnswer> =>
    requestRaw(gateway.url, method, target, {
      ...more,
      headers: { authorization: `Bearer ${gateway.key}`, ...more.headers },
    });

  describe('paths that are none', () => {
    it.each([
      ['GET', '/'],
      ['GET', '/mj'],
      ['GET', '/mj/nothing'],
      ['GET', '/other/mj/task/1/fetch'],
      ['GET', '/mj-fast/docs'],
      ['GET', '/mj-slow/mj/task/1/fetch'],
      ['GET', '/mj/task//fetch'],
      ['GET', '/mj/image/'],
      ['GET', `/mj/task/${ID}/fetch//`],
      ['GET', `/mj//task/${ID}/fetch`],
      ['GET', '/mj/task//fetch/'],
      ['GET', `/x//mj/task/${ID}/fetch`],
      ['GET', '//docs'],
      ['GET', '//admin/keys'],
      ['GET', '/admin/keys/'],
      ['GET', `/MJ/task/${ID}/fetch`],
      ['GET', `/mj/x/../task/${ID}/fetch`],
      ['POST', '/mj/submit/imagine//'],
      ['POST', '/mj/submit/imagine.'],
      ['POST', '/mj/submit%2Fimagine'],
      ['POST', '/mj/notify'],
      ['GET', '/%ff'],
      ['GET', '/mj/%ff'],
      ['GET', '/mj/task/%c3%28/fetch'],
      ['GET', '/mj/task/%/fetch'],
      ['GET', '/mj/%00'],
      ['GET', `/mj/task/${'9'.repeat(300)}/fetch`],
      ['GET', `/${'a'.repeat(15_000)}`],
      ['GET', `/${'a/'.repeat(7_000)}`],
      ['GET', `/mj/nothing?${'a=1&'.repeat(3_500)}`],
      ['GET', 'http://elsewhere.test/mj/nothing'],
      ['POST', '/nothing'],
      ['PROPFIND', '/mj/nothing'],
    ])('%s %.60s is 404', async (method, target) => {
      const answer = await ask(
        method,
        target,
        method === 'POST' ? { body: 'x', headers: { 'content-type': 'a/b' } } : {},
      );
      expectError(answer, 404, 'not_found');
      expect(answer.headers['x-request-id']).toMatch(/^[\w-]+$/);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    });

    it('is 404 for a HEAD too, without a body', async () => {
      expect(await ask('HEAD', '/mj/nothing')).toMatchObject({ status: 404, text: '' });
    });
  });

  describe('parameters that are none', () => {
    it.each([
      [`/mj/task/%00/fetch`, 400, 'task_no_found'],
      [`/mj/task/%2e%2e/fetch`, 400, 'task_no_found'],
      [`/mj/task/__proto__/fetch`, 400, 'task_no_found'],
      [`/mj/task/${ID}%00/fetch`, 400, 'task_no_found'],
      [`/mj/task/'%20or%201=1/fetch`, 400, 'task_no_found'],
      [`/mj/task/${ID}/fetch?${'a=1&'.repeat(3_500)}`, 400, 'task_no_found'],
      [`/mj/task/${ID}/fetch?a${'[b]'.repeat(4_000)}=1`, 400, 'task_no_found'],
      [`/mj/task/${ID}/fetch?%ff=%ff&%&=&&__proto__=1&constructor=2&toString=3`, 400, 'task_no_found'],
      [`/mj/image/%00`, 404, 'not_found'],
      [`/mj/image/${ID}/%00`, 404, 'not_found'],
      [`/mj/video/__proto__/1`, 404, 'not_found'],
      [`/mj/image/${ID}?w=%00`, 400, 'width_is_invalid'],
      [`/mj/image/${ID}?w=1&w=2`, 400, 'width_is_invalid'],
      [`/mj/image/${ID}?w[a]=1&__proto__=1&format[]=png`, 404, 'not_found'],
      [`/mj/image/${ID}?format=%F0%9F%92%A9`, 400, 'format_is_invalid'],
    ])('GET %.70s', async (target, status, description) => {
      expectError(await ask('GET', target), status, description);
    });
  });

  describe('methods that a path does not have', () => {
    it.each([
      ['GET', '/mj/submit/imagine', 'OPTIONS, POST'],
      ['HEAD', '/mj/submit/imagine', 'OPTIONS, POST'],
      ['PUT', '/mj-turbo/mj/submit/imagine', 'OPTIONS, POST'],
      ['PATCH', '/fast/mj/submit/imagine?x=1', 'OPTIONS, POST'],
      ['DELETE', `/mj/task/${ID}/fetch`, 'GET, HEAD, OPTIONS'],
      ['TRACE', `/mj/task/${ID}/%66etch`, 'GET, HEAD, OPTIONS'],
      ['PROPFIND', `/mj/task/${ID}/fetch`, 'GET, HEAD, OPTIONS'],
      ['POST', `/mj/image/${ID}/1`, 'GET, HEAD, OPTIONS'],
      ['POST', '/health/live', 'GET, HEAD, OPTIONS'],
      ['GET', `/mj/notify/${ID}-x`, 'OPTIONS, POST'],
    ])('%s %s is 405 and says what it has', async (method, target, allowed) => {
      const body = method === 'PUT' ? { body: 'x'.repeat(300_000), headers: { 'content-type': 'text/plain' } } : {};
      const answer = await ask(method, target, body);
      expect({ status: answer.status, allow: answer.headers['allow'] }).toEqual({ status: 405, allow: allowed });
      if (method !== 'HEAD') expectError(answer, 405, 'method_not_allowed');
    });

    it('do not count what a header or the query asks for instead', async () => {
      const answer = await ask('GET', '/mj/submit/imagine?_method=POST', {
        headers: { 'x-http-method-override': 'POST' },
      });
      expectError(answer, 405, 'method_not_allowed');
    });

    it('HEAD is answered where GET is', async () => {
      expect(await ask('HEAD', '/health/live')).toMatchObject({ status: 200, text: '' });
      expect(await ask('HEAD', `/mj/task/${ID}/fetch`)).toMatchObject({ status: 400, text: '' });
      expect((await requestRaw(gateway.url, 'HEAD', `/mj/task/${ID}/fetch`)).status).toBe(401);
    });

    it.each(['/mj/submit/imagine', '/mj/nothing', '*'])('OPTIONS %s is never an error', async (target) => {
      expect(await ask('OPTIONS', target)).toMatchObject({ status: 204, text: '' });
    });
  });

  describe('headers of JSON answers', () => {
    const seen = async (path: string): Promise<Record<string, string | null>> => {
      const { headers } = await gateway.get(path);
      const names = ['cache-control', 'x-content-type-options', 'x-frame-options', 'x-powered-by', 'server'];
      return Object.fromEntries(names.map((name) => [name, headers.get(name)]));
    };
    const closed = {
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-powered-by': null,
      server: null,
    };

    it.each(['/health/live', '/mj/nothing', `/mj/task/${ID}/fetch`, `/mj/image/${ID}`, '/mj/%ff'])(
      '%s',
      async (path) => {
        expect(await seen(path)).toEqual({ ...closed, 'cache-control': 'no-store' });
      },
    );

    it('leave the documentation readable', async () => {
      const page = await gateway.call('/docs', {});
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      expect((await gateway.call('/docs/swagger-ui.css', {})).status).toBe(200);
      expect((await gateway.call('/docs-json', {})).json).toHaveProperty('openapi');
    });
  });

  it('has not failed once', async () => {
    const failures = gateway.logs.filter(
      (line) => /"level":"?(?:error|50)/.test(line) || line.includes('internal_error'),
    );
    expect(failures).toEqual([]);
    expect((await gateway.call('/health/live', {})).status).toBe(200);
  });
});
