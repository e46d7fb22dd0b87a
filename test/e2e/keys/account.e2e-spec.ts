import type { AccountDto } from '../../../apps/gateway/src/account/account.dto.js';
import { ApiKeyAdmin } from '../../../libs/access/src/index.js';
import { TASK_ACTIONS, TASK_MODES } from '../../../libs/wire/src/index.js';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

describe('the account of a key, as its owner sees it', () => {
  const { gateway, upstream } = useGateway({
    environment: { ADMIN_KEY, QUEUE_LIMIT: '77', DEFAULT_MODE: 'RELAX', PROMPT_EXPANSION: 'refuse' },
  });
  const accountOf = async (plain: string): Promise<AccountDto> => {
    const { status, json } = await gateway.get<AccountDto>('/mj/account', { authorization: `Bearer ${plain}` });
    expect(status).toBe(200);
    return json;
  };
  const priced = async (...rows: [string, string, number][]): Promise<void> => {
    await gateway.sql('delete from price');
    for (const row of rows) await gateway.sql('insert into price (action, mode, price) values ($1, $2, $3)', row);
  };

  it('of a key without limits shows the settings of the gateway, and every price', async () => {
    const account = await accountOf(gateway.key);
    expect(account).toMatchObject({
      credits: null,
      running: 0,
      maxConcurrent: null,
      queueLimit: 77,
      requestsPerMinute: null,
      modes: null,
      actions: null,
      defaultMode: 'RELAX',
      promptExpansion: 'refuse',
    });
    expect(account.prices).toHaveLength(TASK_ACTIONS.length * TASK_MODES.length);
  });

  it('of a limited key shows its terms, what is left, and the prices of what it may do', async () => {
    await priced(['*', '*', 1], ['IMAGINE', 'FAST', 2.5]);
    const { key, plain } = await gateway.app.get(ApiKeyAdmin).create({
      name: 'limited',
      credits: '10',
      maxConcurrent: 3,
      queueLimit: 4,
      requestsPerMinute: 50,
      modes: ['FAST'],
      actions: ['IMAGINE', 'BLEND'],
      defaultMode: 'FAST',
      promptExpansion: 'pass',
      notifyHook: 'https://hooks.example/secret',
    });
    const wanted = [
      { action: 'IMAGINE', mode: 'FAST', price: 2.5 },
      { action: 'BLEND', mode: 'FAST', price: 1 },
    ];
    const account = await until('the prices', async () => {
      const now = await accountOf(plain);
      return now.prices[0]?.price === 2.5 ? now : null;
    });
    expect(account).toEqual({
      keyId: key.id,
      name: 'limited',
      credits: 10,
      running: 0,
      maxConcurrent: 3,
      queueLimit: 4,
      requestsPerMinute: 50,
      modes: ['FAST'],
      actions: ['IMAGINE', 'BLEND'],
      defaultMode: 'FAST',
      promptExpansion: 'pass',
      prices: wanted,
    });
    const submit = await gateway.post('/mj/submit/imagine', { prompt: 'a fox' }, { authorization: `Bearer ${plain}` });
    expect(submit.json['code']).toBe(1);
    expect(await accountOf(plain)).toMatchObject({ credits: 7.5, running: 1 });
    upstream.show([...upstream.tasks.keys()].at(-1) ?? '', { status: 'FAILURE', failReason: 'no' });
    await until('the refund', async () => ((await accountOf(plain)).running === 0 ? true : null));
    expect(await accountOf(plain)).toMatchObject({ credits: 10, running: 0 });
  });

  it('counts the unfinished tasks of a key without limits too', async () => {
    await gateway.post('/mj/submit/imagine', { prompt: 'a hare' });
    expect((await accountOf(gateway.key)).running).toBe(1);
  });

  it('is told to nobody without a key', async () => {
    expect((await gateway.call('/mj/account', {})).status).toBe(401);
    expect((await gateway.get('/mj/account', { authorization: 'Bearer sk-nobody' })).status).toBe(401);
  });
});
