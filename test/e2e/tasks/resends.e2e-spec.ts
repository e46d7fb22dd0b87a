import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** A submit that an upstream did not take, seen from outside: by its client, and by whoever reads the timeline. */
describe('a submit whose answer is lost', () => {
  let upstream: ScriptedUpstream;
  let receiver: HookReceiver;
  let gateway: TestGateway;

  beforeEach(async () => {
    upstream = await ScriptedUpstream.start();
    receiver = await HookReceiver.start();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { SUBMIT_TIMEOUT_MS: '1000' },
    });
  });
  afterEach(async () => {
    await gateway.close();
    await upstream.close();
    await receiver.close();
  });

  const submit = async (prompt: string): Promise<string> => {
    const { json } = await gateway.post('/mj/submit/imagine', { prompt, notifyHook: receiver.url });
    expect(json).toMatchObject({ code: 1 });
    return String(json['result']);
  };
  const kindsOf = async (id: string): Promise<string[]> =>
    (await gateway.sql<{ kind: string }>('select kind from task_event where task_id = $1 order by id', [id])).map(
      ({ kind }) => kind,
    );
  /** Lets the time pass that look-ups leave between each other. */
  const hurry = (id: string): Promise<unknown> =>
    gateway.sql(
      `update task set look_up_at = now(), send_deadline = least(send_deadline, now()),
        last_no_at = last_no_at - interval '31 s' where id = $1 and look_up_at is not null`,
      [id],
    );
  const finish = (): void => {
    for (const [id] of upstream.tasks)
      upstream.show(id, { status: 'SUCCESS', progress: '100%', imageUrl: `${upstream.url}/${id}.png` });
  };
  /** One that goes well: by it the gateway learns that this upstream shows marks, and that its list shows what it took. */
  const goWell = async (): Promise<void> => {
    const id = await submit('one that goes well');
    await until('its mark', async () => {
      const [row] = await gateway.sql('select from upstream where echoes_state');
      return row ?? null;
    });
    expect(await kindsOf(id)).toContain('accepted');
  };

  it('is sent again where the upstream proves that it did not take it', async () => {
    await goWell();
    const accept = upstream.onSubmit;
    upstream.onSubmit = (_, response) => {
      upstream.onSubmit = accept;
      response.statusCode = 500;
      return { code: 9 };
    };
    const id = await submit('one that is lost');
    await until('the proof', async () => {
      await hurry(id);
      return (await kindsOf(id)).includes('accepted') ? true : null;
    });
    finish();
    await until('its end', () => receiver.of(id).find(({ task }) => task.status === 'SUCCESS'));
    expect(await kindsOf(id)).toEqual(
      expect.arrayContaining(['opened', 'unknown', 'denied', 'resend', 'dispatched', 'accepted', 'succeeded']),
    );
    const mine = upstream.submits.filter(({ body }) => body['prompt'] === 'one that is lost');
    expect(mine).toHaveLength(2);
    expect(mine[0]?.body).toEqual(mine[1]?.body);
    const holds = await gateway.sql('select from ledger where task_id = $1', [id]);
    expect(holds.length).toBeLessThanOrEqual(1);
    expect((await gateway.get(`/mj/task/${id}/fetch`)).json).toMatchObject({ status: 'SUCCESS', failure: null });
  });

  it('is not where it took it: it is found by its mark', async () => {
    await goWell();
    const accept = upstream.onSubmit;
    upstream.onSubmit = (request, response) => {
      upstream.onSubmit = accept;
      upstream.accept(request);
      response.statusCode = 500;
      return { code: 9 };
    };
    const id = await submit('one that is taken');
    await until('the truth', async () => {
      await hurry(id);
      return (await kindsOf(id)).includes('found') ? true : null;
    });
    finish();
    await until('its end', () => receiver.of(id).find(({ task }) => task.status === 'SUCCESS'));
    expect(upstream.submits.filter(({ body }) => body['prompt'] === 'one that is taken')).toHaveLength(1);
  });
});
