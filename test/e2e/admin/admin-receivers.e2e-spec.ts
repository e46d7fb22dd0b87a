import type { ReceiverDto, ReceiverPageDto } from '../../../apps/gateway/src/admin/hooks/receiver.dto.js';
import { ADMIN_KEY, expectProblem, type Wire } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** Nothing listens there. */
const DEAF = 'http://127.0.0.1:9/hook';

describe('receivers through the admin API', () => {
  const { gateway, upstream, receiver, admin } = useGateway({ environment: { ADMIN_KEY } });

  beforeAll(() => {
    upstream.onSubmit = (submit) => ({ code: 1, result: upstream.accept(submit, { status: 'SUCCESS' }).id });
  });

  const submit = async (notifyHook: string): Promise<string> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'x', notifyHook });
    return json.result;
  };
  const one = async (host: string): Promise<Wire<ReceiverDto> | null> =>
    (await admin.get<ReceiverPageDto>(`/receivers?host=${host}`)).json.items[0] ?? null;

  it('tell which of them fail, what waits, and when they are tried next', async () => {
    const { host } = new URL(receiver.url);
    await submit(`${receiver.url}/hook`);
    await submit(DEAF);
    await submit(DEAF);
    const healthy = await until('a delivery', async () => {
      const read = await one(host);
      return read?.delivered24h === 1 ? read : null;
    });
    expect(healthy).toEqual({
      host,
      state: 'healthy',
      failures: 0,
      failingSince: null,
      pending: 0,
      dead: 0,
      delivered24h: 1,
      oldestPendingAt: null,
      lastClass: 'delivered',
      lastStatus: 200,
      lastAt: expect.any(String),
      lastOkAt: healthy.lastOkAt,
      nextAt: null,
    });
    const failing = await until('a failure', async () => {
      const read = await one('127.0.0.1:9');
      return read !== null && read.state === 'failing' && read.pending === 2 ? read : null;
    });
    expect(failing).toMatchObject({
      host: '127.0.0.1:9',
      failingSince: expect.any(String),
      dead: 0,
      delivered24h: 0,
      oldestPendingAt: expect.any(String),
      nextAt: expect.any(String),
    });
    expect(failing.failures).toBeGreaterThan(0);
    await gateway.sql(`update hook_delivery set state = 'dead', next_at = null where host = '127.0.0.1:9'`);
    expect(await one('127.0.0.1:9')).toMatchObject({ pending: 0, dead: 2, oldestPendingAt: null, nextAt: null });
  });

  it('come in pages, each host once', async () => {
    const hosts = (await admin.all<ReceiverDto>('/receivers', 1)).map(({ host }) => host);
    expect(hosts).toEqual(['127.0.0.1:9', new URL(receiver.url).host].sort());
    const failing = (await admin.all<ReceiverDto>('/receivers?state=failing')).map(({ host }) => host);
    expect(failing).toEqual(['127.0.0.1:9']);
    expectProblem(await admin.get('/receivers?state=well'), 400, 'field_is_invalid', ['state']);
    expectProblem(await admin.get('/receivers?cursor=x'), 400, 'field_is_invalid', ['cursor']);
  });
});
