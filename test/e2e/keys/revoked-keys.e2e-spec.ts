import { ApiKeyAdmin, type KeyTerms } from '../../../libs/access/src/index.js';
import { TaskWatch } from '../../../libs/tracking/src/index.js';
import { EventReader } from '../../support/event-reader.js';
import { type Answer } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** What goes on in the name of a key ends when the key does. */
describe('waits and streams of a key', () => {
  const { gateway } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '50' } });
  let keys: ApiKeyAdmin;

  beforeAll(() => {
    keys = gateway.app.get(ApiKeyAdmin);
  });

  interface Going {
    stream: EventReader;
    /** Answered with the reason. */
    waits: Promise<Answer>[];
  }
  const begin = async (plain: string): Promise<Going> => {
    const headers = { authorization: `Bearer ${plain}` };
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'watched' }, headers);
    const before = gateway.app.get(TaskWatch).permitsTaken;
    const stream = await EventReader.open(`${gateway.url}/mj/task/${json.result}/events`, headers);
    const waits = [
      gateway.get(`/mj/task/${json.result}/fetch?wait=60`, headers),
      gateway.post('/mj/submit/imagine', { prompt: 'waited for' }, { ...headers, prefer: 'wait=60' }),
    ];
    await until('all of them', () => (gateway.app.get(TaskWatch).permitsTaken === before + 3 ? true : null));
    await until('the first event', () => stream.last);
    return { stream, waits };
  };
  const make = async (terms: Partial<KeyTerms> = {}): Promise<{ id: string; plain: string }> => {
    const { key, plain } = await keys.create({ name: 'k', ...terms });
    return { id: key.id, plain };
  };

  it.each<[string, (id: string) => Promise<unknown>, number, string]>([
    ['revoked', (id) => keys.revoke(id), 401, 'invalid_api_key'],
    ['kept from its address', (id) => keys.change(id, { ipAllow: ['192.0.2.0/24'] }), 403, 'address_not_allowed'],
    [
      'removed by hand',
      (id) => gateway.sql('update api_key set revoked_at = now() where id = $1', [id]),
      401,
      'invalid_api_key',
    ],
  ])('end with the reason when it is %s, and those of others go on', async (_, change, status, description) => {
    const { id, plain } = await make();
    const other = await begin((await make()).plain);
    const { stream, waits } = await begin(plain);
    await change(id);
    for (const answer of await Promise.all(waits)) {
      expect(answer).toMatchObject({ status, json: { code: 4, description, result: null } });
      expect(answer.headers.get('x-request-id')).toEqual(expect.any(String));
    }
    await stream.ended;
    expect(stream.text).toMatch(/event: error\ndata: \{[^\n]*\}\n\n$/);
    expect(stream.text).toContain(`"description":"${description}"`);
    expect(other.stream.hasEnded).toBe(false);
    await other.stream.leave();
    // Those wait for as long as they were told to, or until the gateway closes.
    other.waits.forEach((wait) => void wait.catch(() => undefined));
  });
});
