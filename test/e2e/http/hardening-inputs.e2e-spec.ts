import { documentedRoutes, withField, type DocumentedRoute } from '../../support/documented-routes.js';
import { expectError } from '../../support/expect-error.js';
import { type Answer } from '../../support/gateway.js';
import { requestRaw } from '../../support/raw-request.js';
import { useGateway } from '../../support/use-gateway.js';

/** What may stand in any field of any body, made from the API document: refused by name or taken, never a failure. */
describe('every field of every body', () => {
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '1000' } });
  const posts = documentedRoutes().filter(({ method, examples }) => method === 'POST' && examples.length > 0);

  beforeAll(() => {
    const accept = upstream.onSubmit;
    upstream.onSubmit = (submit, response) =>
      submit.path.endsWith('/upload-discord-images')
        ? { code: 1, result: ['https://cdn.example/a.png'] }
        : accept(submit, response);
  });

  const bodyOf = ({ examples }: DocumentedRoute): Record<string, unknown> => examples[0] ?? {};
  const taskCount = async (): Promise<number> => (await gateway.sql('select id from task')).length;
  const described = ({ json }: Answer): unknown => json['description'];

  it('is known: the document names routes, bodies and fields', () => {
    expect(posts.length).toBeGreaterThan(14);
    for (const { path, textFields } of posts) {
      // A window keeps the terms of its task.
      if (path === '/mj/submit/modal') expect(textFields).toEqual(['taskId', 'prompt', 'maskBase64', 'mask']);
      else if (path.startsWith('/mj/submit/')) {
        expect(textFields).toEqual(expect.arrayContaining(['state', 'notifyHook', 'accountFilter.remark']));
      }
    }
  });

  it.each([
    ['NUL', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud800b'],
    ['the other half', '\udfff'],
  ])('holds no %s', async (_, text) => {
    for (const route of posts) {
      for (const field of route.textFields) {
        const answer = await gateway.post(route.path, withField(bodyOf(route), field, text));
        const name = `${route.path} ${field}`;
        expect([name, answer.status, described(answer)]).toEqual([name, 400, 'bind_request_body_failed']);
        expect([name, answer.json['properties']]).toEqual([name, { field: field.split('.')[0] }]);
      }
    }
    expect(upstream.submits).toEqual([]);
  });

  const WRONG: unknown[] = [
    { $gt: 1 },
    {},
    [],
    [null],
    [{}],
    [[]],
    0,
    -1,
    1e308,
    2 ** 53,
    true,
    false,
    null,
    '',
    ' ',
    '\u2028\u202e\ufeff',
    '\u{1f98a}'.repeat(300),
    "' or 1=1; --",
    '${jndi:ldap://x}',
    '../../etc/passwd',
    'toString',
    'x'.repeat(20_000),
  ];

  it.each(posts.map((route) => [route.path, route] as const))(
    'may hold anything without a failure: %s',
    async (_, route) => {
      for (const field of route.fields) {
        const answers = await Promise.all(
          WRONG.map(async (value) => {
            const { status, json } = await gateway.post(route.path, withField(bodyOf(route), field, value));
            const isSound = status < 500 && (Array.isArray(json) || 'code' in json || 'findings' in json);
            return isSound ? 'sound' : `${field} ${JSON.stringify(value).slice(0, 50)}: ${status}`;
          }),
        );
        expect(answers.filter((answer) => answer !== 'sound')).toEqual([]);
      }
    },
  );

  it('may have names that objects have of their own', async () => {
    const names = [
      'constructor',
      'toString',
      'hasOwnProperty',
      'valueOf',
      'then',
      'length',
      'status',
      'apiKeyId',
      'id',
    ];
    for (const route of posts) {
      const extra = Object.fromEntries(names.map((name) => [name, 'x']));
      const plain = await gateway.post(route.path, bodyOf(route));
      const more = await gateway.post(route.path, { ...extra, ...bodyOf(route) });
      expect([route.path, more.status]).toEqual([route.path, plain.status]);
      const text = JSON.stringify(bodyOf(route)).slice(1);
      const poisoned = await gateway.post(route.path, `{"__proto__":{"polluted":1},${text}`);
      expect([route.path, poisoned.status]).toEqual([route.path, 400]);
    }
    expect({}).not.toHaveProperty('polluted');
  });

  it('counts once where a name comes twice: the last one', async () => {
    const { json } = await gateway.post<{ result: string }>(
      '/mj/submit/imagine',
      '{"prompt":"first","state":"one","prompt":"second","state":"two"}',
    );
    expect((await gateway.get(`/mj/task/${json.result}/fetch`)).json).toMatchObject({ prompt: 'second', state: 'two' });
  });

  it('sets nothing that is not asked for', async () => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', {
      prompt: 'plain',
      id: '1',
      taskId: '6240000000000009',
      status: 'SUCCESS',
      progress: '100%',
      price: 0,
      imageUrl: 'https://elsewhere.example/x.png',
      apiKeyId: '99',
      upstreamId: '99',
      failReason: 'x',
      buttons: [{}],
      properties: { a: 1 },
    });
    const [row] = await gateway.sql('select status, image_url, fail_code, api_key_id::text from task where id = $1', [
      json.result,
    ]);
    expect(row).toMatchObject({ image_url: null, fail_code: null, api_key_id: '1' });
    expect(row?.['status']).not.toBe('SUCCESS');
  });

  describe('ids of a list', () => {
    const list = (body: string): Promise<Answer> => gateway.post('/mj/task/list-by-condition', body);
    it.each([
      ['{}', 200],
      ['{"ids":null}', 200],
      ['{"ids":[]}', 200],
      ['{"ids":[null]}', 200],
      ['{"ids":[null,"x",1.5,-1,1e300]}', 200],
      ['{"ids":{}}', 400],
      ['{"ids":"x"}', 400],
      ['{"ids":[{}]}', 400],
      ['{"ids":[[1]]}', 400],
      ['{"ids":[true]}', 400],
      [`{"ids":[${'1,'.repeat(9_999)}1]}`, 200],
      [`{"ids":[${'1,'.repeat(70_000)}1]}`, 400],
      [`{"ids":[${'1,'.repeat(1_000_000)}1]}`, 413],
      [`{"ids":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
    ])('%.40s: %d', async (body, status) => {
      const answer = await list(body);
      expect([answer.status, answer.text.slice(0, 300)]).toEqual([
        status,
        status === 200 ? '[]' : expect.stringContaining('"code":4'),
      ]);
    });
  });

  it.each([
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'text/plain',
    'application/json\ta',
    'application/json garbage',
    'application/json; charset=utf-7',
    'application/json; charset=utf-16',
    'application/xml',
  ])('comes as JSON: %j is refused on every route', async (type) => {
    const before = await taskCount();
    for (const route of posts) {
      // The one route that reads forms; a form that is none is refused there too, as what it is.
      const isForm = route.path.endsWith('/swap') && type.startsWith('multipart');
      const answer = await requestRaw(gateway.url, 'POST', route.path, {
        headers: { authorization: `Bearer ${gateway.key}`, 'content-type': type },
        body: JSON.stringify(bodyOf(route)),
      });
      expectError(answer, isForm ? 400 : 415, isForm ? 'bind_request_body_failed' : 'media_type_not_supported');
    }
    expect(await taskCount()).toBe(before);
  });

  it('tells nobody what is inside', async () => {
    const inside = /\bat \/|node_modules|\.ts:|select |insert |QueryFailed|TypeError|undefined|127\.0\.0\.1/i;
    for (const route of posts) {
      for (const body of ['', '{', '[]', 'null', '"x"', '1', '{"a":', '\u0000', '{"prompt":{"toJSON":1}}']) {
        const answer = await gateway.post(route.path, body);
        expect([route.path, body, answer.status < 500, inside.exec(answer.text)?.[0]]).toEqual([
          route.path,
          body,
          true,
          undefined,
        ]);
      }
    }
  });

  it('has not failed once', () => {
    const failures = gateway.logs.filter((line) => line.includes('internal_error'));
    expect(failures).toEqual([]);
    expect(gateway.logs.join('')).not.toContain(gateway.key);
  });
});
