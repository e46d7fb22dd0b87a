import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { ToxicProxy } from '../../support/toxic-proxy.js';
import { until } from '../../support/until.js';

interface Reply {
  code: number;
  description: string;
  result: string | null;
}

/** Three replicas on one database, of which one is far from it. */
describe('replicas', () => {
  let upstream: ScriptedUpstream;
  let links: ToxicProxy[];
  let replicas: TestGateway[];

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    links = [];
    const databaseVia = async (url: string): Promise<string> => {
      const link = await ToxicProxy.start(url);
      links.push(link);
      return link.url;
    };
    const options = { upstreamUrl: upstream.url, databaseVia, environment: { UPSTREAM_MAX_CONCURRENT: '500' } };
    const first = await TestGateway.start(options);
    replicas = [first];
    for (let at = 1; at < 3; at += 1) replicas.push(await TestGateway.start({ ...options, replicaOf: first }));
  });
  afterAll(async () => {
    links.forEach((link) => link.heal());
    for (const replica of [...replicas].reverse()) await replica.close();
    for (const link of links) await link.close();
    await upstream.close();
  });

  const at = (place: number): TestGateway => {
    const replica = replicas[place % replicas.length];
    if (replica === undefined) throw new Error('no replica');
    return replica;
  };
  const imagine = (place: number, prompt: string, idempotencyKey: string): Promise<Answer<Reply>> =>
    at(place).post<Reply>('/mj/submit/imagine', { prompt }, { 'idempotency-key': idempotencyKey });
  const sendsOf = (prompt: string): number => upstream.submits.filter(({ body }) => body['prompt'] === prompt).length;

  it('answer fifty requests with one Idempotency-Key by one send and one id', async () => {
    upstream.onSubmit = (submit, response) => {
      const { id } = upstream.accept(submit);
      // Long enough for all of them to come while it is being sent.
      setTimeout(() => response.end(JSON.stringify({ code: 1, description: '', result: id })), 300);
      return undefined;
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, place) => imagine(place, 'fifty', 'fifty')));
    const taken = answers.filter(({ status }) => status === 200);
    const outstanding = answers.filter(({ status }) => status === 409);
    expect(taken.length + outstanding.length).toBe(50);
    for (const { json } of taken) expect(json).toEqual(taken[0]?.json);
    for (const { headers } of outstanding) expect(headers.get('retry-after')).toBe('1');
    expect(sendsOf('fifty')).toBe(1);
    // Asked again, each gets the first answer.
    const later = await Promise.all(Array.from({ length: 50 }, (_, place) => imagine(place, 'fifty', 'fifty')));
    for (const { status, headers, json } of later) {
      expect({ status, replayed: headers.get('idempotent-replayed') }).toEqual({ status: 200, replayed: 'true' });
      expect(json).toEqual(taken[0]?.json);
    }
    expect(sendsOf('fifty')).toBe(1);
    expect(await at(0).sql("select from task where prompt = 'fifty'")).toHaveLength(1);
  });

  it('refuse another body under the same key, and send nothing of it', async () => {
    for (let place = 0; place < 3; place += 1)
      expect(await imagine(place, 'another body', 'fifty')).toMatchObject({ status: 422, json: { code: 4 } });
    expect(sendsOf('another body')).toBe(0);
  });

  it('never ask about a task in two places at once, though the database is slow to answer', async () => {
    upstream.onSubmit = (submit) => ({ code: 1, description: '', result: upstream.accept(submit).id });
    const under = new Map<string, number>();
    let most = 0;
    upstream.onPoll = (ids, response) => {
      for (const id of ids) {
        under.set(id, (under.get(id) ?? 0) + 1);
        most = Math.max(most, under.get(id) ?? 0);
      }
      setTimeout(() => {
        for (const id of ids) under.set(id, (under.get(id) ?? 0) - 1);
        response.end(JSON.stringify(ids.map((id) => upstream.tasks.get(id))));
      }, 200);
      return undefined;
    };
    const prompts = Array.from({ length: 30 }, (_, n) => `slow ${n}`);
    await Promise.all(prompts.map((prompt, n) => imagine(n, prompt, prompt)));
    for (const link of links) link.latencyMs = 500;
    const polls = upstream.polls;
    await until('a few rounds of polls', () => (upstream.polls > polls + 10 ? true : null));
    const more = ['slow a', 'slow b', 'slow c'];
    const answers = await Promise.all(more.map((prompt, n) => imagine(n, prompt, prompt)));
    for (const { json } of answers)
      expect(json).toMatchObject({ code: 1, result: expect.stringMatching(/^\d{16}$/) as unknown });
    for (const [id] of upstream.tasks) upstream.show(id, { status: 'FAILURE', failReason: 'over' });
    await until('the end of all', async () => {
      const [left] = await at(0).sql<{ n: number }>('select count(*)::int as n from task where finished_at is null');
      return left?.n === 0 ? true : null;
    });
    expect(most).toBe(1);
    for (const prompt of [...prompts, ...more]) expect(sendsOf(prompt)).toBe(1);
    expect(await at(0).sql('select running from upstream_load')).toEqual([{ running: 0 }]);
  });
});
