import type { AdminKeyDto, CreatedKeyDto } from '../../../apps/gateway/src/admin/keys/admin-key.dto.js';
import type { PriceDto } from '../../../apps/gateway/src/admin/settings/price.dto.js';
import type { UpstreamPageDto, UpstreamTestDto } from '../../../apps/gateway/src/admin/upstreams/admin-upstream.dto.js';
import { UpstreamCache } from '../../../libs/upstream/src/index.js';
import { ADMIN_KEY, expectProblem } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

describe('what forms and tables of the admin API need', () => {
  const { gateway, upstream, admin } = useGateway({ environment: { ADMIN_KEY } });

  it('finds keys by name, prefix, id and status, and says what they spent this month', async () => {
    upstream.onSubmit = (submit) => ({ code: 1, result: upstream.accept(submit).id });
    const make = async (name: string): Promise<CreatedKeyDto> =>
      (await admin.post<CreatedKeyDto>('/keys', { name })).json as unknown as CreatedKeyDto;
    const percent = await make('50%_off');
    const revoked = await make('old Shop');
    const expired = await make('new shop');
    await admin.post(`/keys/${revoked.id}/revoke`);
    await admin.patch(`/keys/${expired.id}`, { expiresAt: '2020-01-01' });
    const names = async (query: string): Promise<string[]> =>
      (await admin.all<AdminKeyDto>(`/keys?${query}`)).map(({ name }) => name);
    expect(await names('q=SHOP')).toEqual(['new shop', 'old Shop']);
    expect(await names('q=%25_')).toEqual(['50%_off']);
    expect(await names(`q=${percent.prefix}`)).toEqual(['50%_off']);
    expect(await names(`q=${revoked.id}`)).toContain('old Shop');
    expect(await names('status=revoked')).toEqual(['old Shop']);
    expect(await names('status=expired')).toEqual(['new shop']);
    expect(await names('status=live&q=shop')).toEqual([]);
    expectProblem(await admin.get('/keys?status=gone'), 400, 'field_is_invalid', ['status']);
    await gateway.post('/mj/submit/imagine', { prompt: 'x' }, { authorization: `Bearer ${percent.key}` });
    const { json } = await admin.get<AdminKeyDto>(`/keys/${percent.id}`);
    expect(json).toMatchObject({ spentThisMonth: '0.100000', held: '0.100000' });
  });

  it('does not let two people overwrite the price list of each other', async () => {
    const read = await admin.get<PriceDto[]>('/prices');
    const etag = read.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const replace = (prices: unknown, ifMatch: string) =>
      admin.call<PriceDto[]>('PUT', '/prices', prices, { 'if-match': ifMatch });
    const mine = [{ action: '*', mode: '*', price: '1' }];
    const first = await replace(mine, etag);
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).not.toBe(etag);
    expectProblem(await replace([{ action: '*', mode: '*', price: '2' }], etag), 412, 'precondition_failed');
    expect((await admin.get<PriceDto[]>('/prices')).json).toEqual([{ action: '*', mode: '*', price: '1.000000' }]);
    expect((await replace(read.json, first.headers.get('etag') ?? '')).headers.get('etag')).toBe(etag);
  });

  it('tries an upstream before it is added, and stores nothing', async () => {
    const before = (await admin.get<UpstreamPageDto>('/upstreams')).json.items.length;
    const well = await admin.post<UpstreamTestDto>('/upstreams/test', { name: 'default', baseUrl: upstream.url });
    expect(well).toMatchObject({ status: 200, json: { ok: true, latencyMs: expect.any(Number) } });
    const deaf = await admin.post<UpstreamTestDto>('/upstreams/test', { name: 'x', baseUrl: 'http://127.0.0.1:9' });
    expect(deaf).toMatchObject({ status: 200, json: { ok: false, error: expect.any(String) } });
    const wrong = { name: 'x', baseUrl: 'http://u:p@127.0.0.1' };
    expectProblem(await admin.post('/upstreams/test', wrong), 400, 'field_is_invalid', ['baseUrl']);
    const bare = { name: 'x', baseUrl: upstream.url, kind: 'legnext' };
    expectProblem(await admin.post('/upstreams/test', bare), 400, 'field_is_invalid', ['secret']);
    expect((await admin.get<UpstreamPageDto>('/upstreams')).json.items).toHaveLength(before);
  });

  it('drains an upstream that is disabled: no new work, and its tasks are followed to their end', async () => {
    upstream.onSubmit = (submit) => ({ code: 1, result: upstream.accept(submit).id });
    const { json: made } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'before' });
    const [task] = await gateway.sql<{ upstream_id: string; upstream_task_id: string }>(
      'select upstream_id, upstream_task_id from task where id = $1',
      [made.result],
    );
    await admin.patch(`/upstreams/${task?.upstream_id}`, { enabled: false });
    await gateway.app.get(UpstreamCache).refresh();
    const sent = upstream.submits.length;
    await gateway.post('/mj/submit/imagine', { prompt: 'after' });
    upstream.show(task?.upstream_task_id ?? '', { status: 'SUCCESS', progress: '100%' });
    await until('the end of what it had', async () => {
      const { json } = await gateway.get(`/mj/task/${made.result}/fetch`);
      return json['status'] === 'SUCCESS' ? json : null;
    });
    expect(upstream.submits).toHaveLength(sent);
  });
});
