import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { requestRaw } from '../../support/raw-request.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const PROXIED = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'mj.example',
  'x-forwarded-port': '8443',
  'x-forwarded-prefix': '/art',
};
const PUBLIC = 'https://mj.example:8443/art';

interface Linked {
  status: string;
  imageUrl: string;
}

/** Without PUBLIC_URL links lead to where their reader came: by the request's host, or by what a trusted proxy says of it. */
describe('links without PUBLIC_URL', () => {
  let upstream: ScriptedUpstream;
  let trusting: TestGateway;
  let wary: TestGateway;
  let receiver: HookReceiver;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    trusting = await TestGateway.start({ upstreamUrl: upstream.url, environment: { TRUST_PROXY: '127.0.0.1/32' } });
    wary = await TestGateway.start({ upstreamUrl: upstream.url, replicaOf: trusting });
  });

  afterAll(async () => {
    await wary.close();
    await trusting.close();
    await receiver.close();
    await upstream.close();
  });

  /** As it is shown to who asks with these headers. */
  const fetchTask = async (gateway: TestGateway, id: string, headers: Record<string, string> = {}): Promise<Linked> => {
    const all = { authorization: `Bearer ${gateway.key}`, ...headers };
    return JSON.parse((await requestRaw(gateway.url, 'GET', `/mj/task/${id}/fetch`, { headers: all })).text) as Linked;
  };

  /** A task that has its picture, and what its hook said of the end. */
  const finish = async (
    gateway: TestGateway,
    headers: Record<string, string>,
  ): Promise<{ id: string; hook: Linked }> => {
    const { json } = await gateway.post<{ result: string }>(
      '/mj/submit/imagine',
      { prompt: 'a fox', notifyHook: receiver.url, notifyEvents: 'terminal' },
      headers,
    );
    const last = [...upstream.tasks.keys()].at(-1) ?? '';
    upstream.show(last, { status: 'SUCCESS', progress: '100%', imageUrl: `${upstream.url}/a.png` });
    const hook = await until('the hook', () => receiver.of(json.result)[0]);
    return { id: json.result, hook: hook.task as unknown as Linked };
  };

  it('begin with what a trusted proxy says, for each reader anew; in hooks with what it said of the submit', async () => {
    const { id, hook } = await finish(trusting, PROXIED);
    expect(hook).toMatchObject({ status: 'SUCCESS', imageUrl: `${PUBLIC}/mj/image/${id}` });
    expect((await fetchTask(trusting, id, PROXIED)).imageUrl).toBe(`${PUBLIC}/mj/image/${id}`);
    expect((await fetchTask(trusting, id)).imageUrl).toBe(`http://gateway.test/mj/image/${id}`);
    const forwarded = 'for=203.0.113.9;proto=https;host="other.example:444"';
    expect((await fetchTask(trusting, id, { forwarded })).imageUrl).toBe(`https://other.example:444/mj/image/${id}`);
  });

  it('begin with the host that was asked where nobody is trusted, whatever anybody says', async () => {
    const { id, hook } = await finish(wary, { ...PROXIED, forwarded: 'proto=https;host=evil.test' });
    expect(hook.imageUrl).toBe(`${wary.url}/mj/image/${id}`);
    expect((await fetchTask(wary, id, PROXIED)).imageUrl).toBe(`http://gateway.test/mj/image/${id}`);
  });
});
