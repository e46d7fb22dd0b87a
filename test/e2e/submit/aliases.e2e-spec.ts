import sharp from 'sharp';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** An upstream that answers new work with a task it has already. */
describe('work that the upstream had already', () => {
  const { gateway, upstream, receiver } = useGateway();

  const submit = async (prompt: string, state: string): Promise<Record<string, unknown>> =>
    (await gateway.post('/mj/submit/imagine', { prompt, state, notifyHook: receiver.url })).json;

  it('has its own id, state and hook, costs nothing, and follows the first', async () => {
    let upstreamId = '';
    upstream.onSubmit = (request) => ({ code: 1, result: (upstreamId = upstream.accept(request).id) });
    const first = await submit('a fox', 'first');
    upstream.onSubmit = () => ({
      code: 21,
      description: '任务已存在',
      result: upstreamId,
      properties: { status: 'IN_PROGRESS' },
    });
    const second = await submit('a fox', 'second');
    expect(second).toMatchObject({ code: 1, description: 'Task already exists' });
    expect(second['result']).not.toBe(first['result']);
    const png = await sharp({ create: { width: 80, height: 80, channels: 3, background: '#446688' } })
      .png()
      .toBuffer();
    upstream.picture = png;
    upstream.show(upstreamId, { status: 'SUCCESS', progress: '100%', imageUrl: `${upstream.url}/picture.png` });
    const id = String(second['result']);
    const hook = await until('its own terminal hook', () =>
      receiver.of(id).find(({ task }) => task.status === 'SUCCESS'),
    );
    expect(hook.task).toMatchObject({ id, state: 'second', cost: 0 });
    const [row] = await gateway.sql<{ alias_of: string; ledger: string }>(
      'select alias_of, (select sum(amount)::text from ledger where task_id = t.id) as ledger from task t where id = $1',
      [id],
    );
    expect(row?.alias_of).toBe(first['result']);
    expect(Number(row?.ledger)).toBe(0);
    const picture = await fetch(`${gateway.url}/mj/image/${id}`);
    expect(picture.status).toBe(200);
    expect(Buffer.from(await picture.arrayBuffer()).equals(png)).toBe(true);
    expect(await gateway.sql('select running from upstream_load')).toEqual([{ running: 0 }]);
  });

  it('takes follow-ups, which go to the first at its upstream', async () => {
    const [alias] = await gateway.sql<{ id: string; upstream_task_id: string }>(
      'select a.id, o.upstream_task_id from task a join task o on o.id = a.alias_of limit 1',
    );
    upstream.submits.length = 0;
    upstream.onSubmit = (request) => ({ code: 1, result: upstream.accept(request).id });
    const { json } = await gateway.post('/mj/submit/action', {
      taskId: alias?.id,
      customId: 'MJ::JOB::variation::1::h',
    });
    expect(json).toMatchObject({ code: 1 });
    expect(upstream.submits[0]?.body['taskId']).toBe(alias?.upstream_task_id);
  });
});
