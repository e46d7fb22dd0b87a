import type { AdminKeyDto, CreatedKeyDto } from '../../../apps/gateway/src/admin/keys/admin-key.dto.js';
import { ADMIN_KEY, expectProblem } from '../../support/admin-client.js';
import { useGateway } from '../../support/use-gateway.js';

describe('retries that a submit asks for', () => {
  const { gateway, upstream, admin } = useGateway({ environment: { ADMIN_KEY } });

  const retriesOf = async (body: object, key = gateway.key): Promise<number | undefined> => {
    const headers = { authorization: `Bearer ${key}` };
    const { json } = await gateway.post('/mj/submit/imagine', { prompt: 'a fox', ...body }, headers);
    expect(json).toMatchObject({ code: 1 });
    const [row] = await gateway.sql<{ retries: number }>('select retries from task where id = $1', [json['result']]);
    return row?.retries;
  };

  it('are kept with the task: none, unless body or key ask for some', async () => {
    const made = await admin.post<CreatedKeyDto>('/keys', { name: 'patient', retries: 2 });
    expect(made.json).toMatchObject({ retries: 2 });
    expect(await retriesOf({})).toBe(0);
    expect(await retriesOf({ retries: null })).toBe(0);
    expect(await retriesOf({ retries: 1 })).toBe(1);
    expect(await retriesOf({ retries: '2' })).toBe(2);
    expect(await retriesOf({}, made.json.key)).toBe(2);
    expect(await retriesOf({ retries: 0 }, made.json.key)).toBe(0);
  });

  it.each([[3], [-1], [1.5], ['two'], [true], [[1]]])('refuses %j, and names the field', async (retries) => {
    const sent = upstream.submits.length;
    const { status, json } = await gateway.post('/mj/submit/imagine', { prompt: 'a fox', retries });
    expect({ status, json }).toMatchObject({
      status: 400,
      json: { code: 4, description: 'bind_request_body_failed', properties: { field: 'retries' } },
    });
    expect(upstream.submits).toHaveLength(sent);
  });

  it('are a term of keys, from 0 to 2', async () => {
    const { json } = await admin.post<CreatedKeyDto>('/keys', { name: 'usual' });
    expect(json).toMatchObject({ retries: 0, promptExpansion: null });
    for (const retries of [3, -1, '1.5', null]) {
      expectProblem(await admin.patch(`/keys/${json.id}`, { retries }), 400, 'field_is_invalid', ['retries']);
    }
    expectProblem(await admin.patch(`/keys/${json.id}`, { promptExpansion: 'split' }), 400, 'field_is_invalid', [
      'promptExpansion',
    ]);
    const changed = await admin.patch<AdminKeyDto>(`/keys/${json.id}`, { retries: 1, promptExpansion: 'REFUSE' });
    expect(changed.json).toMatchObject({ retries: 1, promptExpansion: 'refuse' });
    const cleared = await admin.patch<AdminKeyDto>(`/keys/${json.id}`, { promptExpansion: null });
    expect(cleared.json).toMatchObject({ retries: 1, promptExpansion: null });
  });
});
