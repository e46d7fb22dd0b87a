import { ApiKeyAdmin, type KeyTerms } from '../../../libs/access/src/index.js';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const READS = 12;

/** A field of one item: its name in quotes, then parameters that are whole numbers. */
function structured(answer: Answer, field: string): { name: string; [parameter: string]: unknown } {
  const [, name = '', rest = ''] = /^"([a-z]+)"((?:;[a-z]+=\d+)+)$/.exec(answer.headers.get(field) ?? '') ?? [];
  const parameters = rest.split(';').flatMap((part) => (part === '' ? [] : [part.split('=') as [string, string]]));
  return { name, ...Object.fromEntries(parameters.map(([key, value]) => [key, Number(value)])) };
}

function expectError(answer: Answer, status: number, description: string): void {
  expect(answer).toMatchObject({ status, json: { code: 4, description, result: null } });
}

describe('limits of keys', () => {
  let upstream: ScriptedUpstream;
  let gateways: TestGateway[];
  let keys: ApiKeyAdmin;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    const start = (replicaOf?: TestGateway): Promise<TestGateway> =>
      TestGateway.start({
        upstreamUrl: upstream.url,
        environment: { READS_PER_MINUTE: String(READS), UPSTREAM_MAX_CONCURRENT: '400' },
        ...(replicaOf === undefined ? {} : { replicaOf }),
      });
    const first = await start();
    gateways = [first, await start(first), await start(first)];
    keys = first.app.get(ApiKeyAdmin);
  });

  afterAll(async () => {
    for (const gateway of [...gateways].reverse()) await gateway.close();
    await upstream.close();
  });

  const at = (n: number): TestGateway => {
    const gateway = gateways[n % gateways.length];
    if (gateway === undefined) throw new Error('no gateway');
    return gateway;
  };
  const make = async (terms: Partial<KeyTerms>): Promise<{ id: string; plain: string }> => {
    const { key, plain } = await keys.create({ name: 'k', ...terms });
    return { id: key.id, plain };
  };
  const imagine = (plain: string, n = 0, headers: Record<string, string> = {}): Promise<Answer> =>
    at(n).post('/mj/submit/imagine', { prompt: `a cat ${n}` }, { authorization: `Bearer ${plain}`, ...headers });
  const tally = (answers: readonly Answer[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { status, json } of answers) {
      const what = `${status} ${String(json['code'])} ${String(json['description'])}`;
      counts[what] = (counts[what] ?? 0) + 1;
    }
    return counts;
  };
  const many = (n: number, plain: string): Promise<Answer[]> =>
    Promise.all(Array.from({ length: n }, (_, each) => imagine(plain, each)));
  const SATURATED = '429 30 Too many tasks or requests';

  it('money for ten pays for ten of a hundred at once, on three replicas', async () => {
    const { id, plain } = await make({ credits: '1' });
    const before = upstream.submits.length;
    expect(tally(await many(100, plain))).toEqual({ '200 1 Submit success': 10, '400 4 quota_not_enough': 90 });
    expect(upstream.submits.length - before).toBe(10);
    expect(await keys.find(id)).toMatchObject({ credits: '0.000000', held: '1.000000', running: 10 });
    const read = await at(0).get('/mj/task/6240000000000001/fetch', { authorization: `Bearer ${plain}` });
    expectError(read, 400, 'task_no_found');
  });

  it('requestsPerMinute: what is over is told when to come back', async () => {
    const { plain } = await make({ requestsPerMinute: 5 });
    const first = await imagine(plain);
    expect(structured(first, 'ratelimit-policy')).toEqual({ name: 'submits', q: 5, w: 60 });
    expect(structured(first, 'ratelimit')).toMatchObject({ name: 'submits', r: 4 });
    const answers = await many(30, plain);
    expect(tally(answers)).toEqual({ '200 1 Submit success': 4, [SATURATED]: 26 });
    for (const answer of answers.filter(({ status }) => status === 429)) {
      const { r, t } = structured(answer, 'ratelimit');
      expect(r).toBe(0);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(t)).toBeLessThanOrEqual(60);
    }
    const read = await at(0).get('/mj/task/6240000000000001/fetch', { authorization: `Bearer ${plain}` });
    expect(structured(read, 'ratelimit-policy')).toEqual({ name: 'reads', q: READS, w: 60 });
  });

  it('a replay is neither counted nor charged, and answered where everything is used up', async () => {
    const { id, plain } = await make({ requestsPerMinute: 1, dailyTasks: 1, credits: '0.1' });
    const key = { 'idempotency-key': 'once' };
    const first = await imagine(plain, 0, key);
    const again = await imagine(plain, 0, key);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(tally([await imagine(plain, 1)])).toEqual({ '400 4 quota_not_enough': 1 });
    await keys.change(id, { credits: null });
    expect(tally([await imagine(plain, 1)])).toEqual({ [SATURATED]: 1 });
  });

  it('dailyTasks, maxConcurrent, queueLimit and monthlySpend each have their answer', async () => {
    const daily = await many(6, (await make({ dailyTasks: 2 })).plain);
    expect(tally(daily)).toEqual({ '200 1 Submit success': 2, [SATURATED]: 4 });
    for (const { headers } of daily) expect(Number(headers.get('retry-after') ?? 0)).toBeLessThanOrEqual(86_400);
    const concurrent = await many(6, (await make({ maxConcurrent: 3 })).plain);
    expect(tally(concurrent)).toEqual({ '200 1 Submit success': 3, [SATURATED]: 3 });
    const monthly = await many(6, (await make({ monthlySpend: '0.4' })).plain);
    expect(tally(monthly)).toEqual({ '200 1 Submit success': 4, '400 4 quota_not_enough': 2 });
    upstream.onSubmit = () => ({ code: 23, description: 'full' });
    await at(0).sql('update upstream_load set max_concurrent = running + 0 where running > 0');
    const queued = await make({ queueLimit: 1 });
    const answers = [await imagine(queued.plain), await imagine(queued.plain)];
    expect(answers.map(({ json }) => json['code'])).toEqual([1, 23]);
    await at(0).sql('update upstream_load set max_concurrent = 400');
    upstream.onSubmit = (submit) => ({ code: 1, description: 'ok', result: upstream.accept(submit).id });
  });

  it('what an upstream declines is given back', async () => {
    const { id, plain } = await make({ credits: '0.1', dailyTasks: 1, monthlySpend: '0.1', maxConcurrent: 1 });
    upstream.onSubmit = () => ({ code: 24, description: 'banned', properties: { promptEn: 'x', bannedWord: 'x' } });
    for (let n = 0; n < 3; n += 1) expect((await imagine(plain)).json).toMatchObject({ code: 24 });
    expect(await keys.find(id)).toMatchObject({ credits: '0.100000', spent: '0.000000', running: 0 });
    upstream.onSubmit = (submit) => ({ code: 1, description: 'ok', result: upstream.accept(submit).id });
    expect((await imagine(plain)).json).toMatchObject({ code: 1 });
  });

  it('reads have a bucket of their own, which submits do not touch', async () => {
    const { id, plain } = await make({});
    const headers = { authorization: `Bearer ${plain}` };
    const read = (n = 0): Promise<Answer> => at(n).get('/mj/task/6240000000000001/fetch', headers);
    // A minute that ends in between would begin a new bucket.
    const minute = (): number => Math.floor(Date.now() / 60_000);
    await until('a minute that lasts', () => (Date.now() % 60_000 < 50_000 ? true : null));
    const began = minute();
    const submit = await imagine(plain);
    expect(structured(submit, 'ratelimit-policy')).toEqual({ name: 'reads', q: READS, w: 60 });
    expect(structured(submit, 'ratelimit')).toMatchObject({ name: 'reads', r: READS });
    for (let n = 1; n <= READS; n += 1) expect(structured(await read(), 'ratelimit')['r']).toBe(READS - n);
    const over = await read();
    expect(tally([over])).toEqual({ [SATURATED]: 1 });
    expect(over.json['result']).toBeNull();
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(structured(over, 'ratelimit')).toMatchObject({ name: 'reads', r: 0 });
    expect((await imagine(plain)).json).toMatchObject({ code: 1 });

    const counted = (least: number): Promise<true> =>
      until(`${least} reads of all replicas`, async () => {
        const [row] = await at(0).sql<{ used: number }>(
          'select max(used) as used from read_count where api_key_id = $1',
          [id],
        );
        return (row?.used ?? 0) >= least ? true : null;
      });
    await counted(READS);
    expect((await read(1)).status).toBe(400);
    await counted(READS + 1);
    const other = await read(1);
    if (minute() === began) expect(tally([other])).toEqual({ [SATURATED]: 1 });
  });

  it('may be read by pages of other origins', async () => {
    const answer = await at(0).call('/mj/task/6240000000000001/fetch', {
      headers: { origin: 'https://app.example.com', authorization: `Bearer ${at(0).key}` },
    });
    const exposed = answer.headers.get('access-control-expose-headers') ?? '';
    expect(exposed.toLowerCase().split(/,\s*/)).toEqual(expect.arrayContaining(['ratelimit', 'ratelimit-policy']));
    expect(answer.headers.get('ratelimit')).not.toBeNull();
  });
});
