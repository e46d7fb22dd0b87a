import { ApiKeyCache, newApiKey } from '../../../libs/access/src/index.js';
import { ManyPorts } from '../../../libs/hooks/test/many-ports.js';
import { samplesOf, sumOf } from '../../support/exposition.js';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** What receivers of one key may do to the hooks of another, over HTTP and with the real clock of the background. */
describe('hooks of two keys', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let hanging: ManyPorts;
  let receiver: HookReceiver;
  const stranger = newApiKey();

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { UPSTREAM_MAX_CONCURRENT: '1000', METRICS_OPEN: 'true' },
    });
    await gateway.app.get(ApiKeyCache).ensure('stranger', stranger);
    hanging = await ManyPorts.open(300);
    receiver = await HookReceiver.start();
  });
  afterAll(async () => {
    await hanging.close();
    await gateway.close();
    await receiver.close();
    await upstream.close();
  });

  const imagine = async (notifyHook: string, key: string): Promise<string> => {
    const headers = { authorization: `Bearer ${key}` };
    const body = { prompt: 'a fair share', notifyHook };
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', body, headers);
    return json.result;
  };

  it('300 receivers of one that hang on 300 ports delay none of the other', async () => {
    const urls = hanging.urls();
    for (let from = 0; from < urls.length; from += 20) {
      await Promise.all(urls.slice(from, from + 20).map((url) => imagine(url, stranger)));
    }
    await until('a few that hang', () => (hanging.openNow > 3 ? true : null));
    for (let n = 0; n < 10; n += 1) {
      const id = await imagine(`${receiver.url}/hook`, gateway.key);
      const [row] = await gateway.sql<{ id: string }>('select upstream_task_id as id from task where id = $1', [id]);
      upstream.show(row?.id ?? '', { status: 'FAILURE', failReason: 'no' });
      await until('the end to be told', () => receiver.of(id).find(({ task }) => task.status === 'FAILURE') ?? null);
    }
    expect(hanging.mostOpen).toBeLessThanOrEqual(11);
    const samples = samplesOf((await gateway.call('/metrics', {})).text);
    const places = (state: string): number | null => sumOf(samples, 'journeyman_hook_places', { state });
    expect((places('unproven') ?? 0) + (places('prompt') ?? 0) + (places('free') ?? 0)).toBe(192);
    expect(places('unproven')).toBeGreaterThan(0);
  });
});
