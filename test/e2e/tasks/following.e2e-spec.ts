import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** How a task follows its upstream, whatever the upstream says. */
describe('following a task', () => {
  const { gateway, upstream, receiver } = useGateway({ environment: { MISSING_AFTER_MS: '1000' } });

  const submit = async (prompt: string): Promise<{ id: string; upstreamId: string }> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt, notifyHook: receiver.url });
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    return { id: json.result, upstreamId: row?.upstream_task_id ?? '' };
  };
  const fetchTask = async (id: string): Promise<Record<string, unknown>> =>
    (await gateway.get(`/mj/task/${id}/fetch`)).json;
  const shows = (id: string, fields: Record<string, unknown>): Promise<unknown> =>
    until(JSON.stringify(fields), async () => {
      const task = await fetchTask(id);
      return Object.entries(fields).every(([name, value]) => task[name] === value) ? task : null;
    });

  it('never goes back: not in status, not in progress', async () => {
    const { id, upstreamId } = await submit('regress');
    upstream.show(upstreamId, { status: 'IN_PROGRESS', progress: '80%' });
    await shows(id, { status: 'IN_PROGRESS', progress: '80%' });
    upstream.show(upstreamId, { status: 'SUBMITTED', progress: '20%' });
    const polls = upstream.polls;
    await until('two more polls', () => (upstream.polls >= polls + 2 ? true : null));
    expect(await fetchTask(id)).toMatchObject({ status: 'IN_PROGRESS', progress: '80%' });
    upstream.show(upstreamId, { status: 'WHAT_IS_THIS', progress: 'Waiting to start' });
    upstream.show(upstreamId, { status: 'SUCCESS', progress: '99%', imageUrl: `${upstream.url}/x.png` });
    await shows(id, { status: 'SUCCESS', progress: '100%' });
    upstream.show(upstreamId, { status: 'FAILURE', failReason: 'too late' });
    const last = await until('the terminal hook', () => receiver.of(id).find(({ task }) => task.progress === '100%'));
    expect(last.task.status).toBe('SUCCESS');
    expect(receiver.of(id).filter(({ task }) => task.progress === '100%')).toHaveLength(1);
  });

  it('ends in FAILURE with a reason that shows nothing of the upstream, refunded', async () => {
    const { id, upstreamId } = await submit('fails');
    upstream.show(upstreamId, {
      status: 'FAILURE',
      progress: '',
      failReason: `no luck at ${upstream.url}/mj for 1795000000000001`,
    });
    await shows(id, { status: 'FAILURE' });
    const task = await fetchTask(id);
    expect(task).toMatchObject({
      failReason: 'no luck at for',
      progress: '100%',
      cost: 0,
      failure: { kind: 'upstream_failed', refunded: true },
    });
    const moves = await gateway.sql<{ kind: string; amount: string }>(
      'select kind, amount from ledger where task_id = $1 order by id',
      [id],
    );
    expect(moves.map(({ kind, amount }) => [kind, Number(amount)])).toEqual([
      ['hold', -0.1],
      ['refund', 0.1],
    ]);
  });

  it('an empty reason still reads as one', async () => {
    const { id, upstreamId } = await submit('fails silently');
    upstream.show(upstreamId, { status: 'FAILURE', failReason: null });
    await shows(id, { status: 'FAILURE' });
    expect((await fetchTask(id))['failReason']).not.toBe('');
  });

  it('a task that its upstream forgets ends after the missing time, and only then', async () => {
    const { id, upstreamId } = await submit('forgotten');
    const { id: other, upstreamId: otherUpstream } = await submit('remembered');
    upstream.tasks.delete(upstreamId);
    await until(
      'the first absence',
      async () => (await gateway.sql('select from task where id = $1 and missing_since is not null', [id]))[0],
    );
    await shows(id, { status: 'FAILURE' });
    const [row] = await gateway.sql<{ waited: number }>(
      "select extract(epoch from finished_at - missing_since)::float as waited from task where id = $1 and fail_code = 'missing'",
      [id],
    );
    expect(row?.waited).toBeGreaterThanOrEqual(1);
    upstream.show(otherUpstream, { status: 'SUCCESS' });
    await shows(other, { status: 'SUCCESS' });
  });

  it('work that is done without a picture is asked about again, and fails if none comes', async () => {
    const [late, never] = [await submit('a late picture'), await submit('no picture')];
    for (const { upstreamId } of [late, never]) upstream.show(upstreamId, { status: 'SUCCESS', imageUrl: '' });
    for (const { id } of [late, never]) await shows(id, { status: 'IN_PROGRESS', progress: '99%' });
    upstream.show(late.upstreamId, { status: 'SUCCESS', imageUrl: `${upstream.url}/late.png` });
    await shows(late.id, { status: 'SUCCESS', progress: '100%' });
    await gateway.sql("update task set pictureless_since = pictureless_since - interval '10 minutes' where id = $1", [
      never.id,
    ]);
    await shows(never.id, {
      status: 'FAILURE',
      failReason: 'The upstream finished without a picture',
    });
    const told = await until('its hook', () => receiver.of(never.id).find(({ task }) => task.status === 'FAILURE'));
    expect(told.task).toMatchObject({ failure: { kind: 'upstream_failed', retryable: true } });
  });

  it('foreign and broken items in an answer spoil only themselves', async () => {
    const { id, upstreamId } = await submit('among others');
    const honest = upstream.onPoll;
    upstream.onPoll = (ids) => [
      null,
      7,
      { id: '1', status: 'SUCCESS' },
      { status: 'SUCCESS' },
      {
        id: upstreamId,
        status: 'IN_PROGRESS',
        progress: { deep: true },
        buttons: 'none',
        imageUrls: { a: 1 },
        submitTime: '1e99',
      },
      ...ids
        .filter((asked) => asked !== upstreamId)
        .map((asked) => upstream.tasks.get(asked))
        .filter((task) => task !== undefined),
    ];
    await shows(id, { status: 'IN_PROGRESS' });
    upstream.onPoll = honest;
    upstream.show(upstreamId, {
      status: 'SUCCESS',
      promptEn: 'a\u0000b',
      buttons: [{ customId: 'MJ::JOB::reroll::0::x::SOLO', label: null }],
    });
    await shows(id, { status: 'SUCCESS', promptEn: 'ab' });
    expect((await fetchTask(id))['buttons']).toEqual([
      { customId: 'MJ::JOB::reroll::0::x::SOLO', emoji: '', label: '', type: 2, style: 2 },
    ]);
  });

  it('an upstream that is away fails nothing, and its tasks go on when it is back', async () => {
    const { id, upstreamId } = await submit('outage');
    const honest = upstream.onPoll;
    upstream.onPoll = (_, response) => ((response.statusCode = 502), { error: 'bad gateway' });
    const polls = upstream.polls;
    await until('a failed poll', () => (upstream.polls > polls + 1 ? true : null));
    upstream.onPoll = honest;
    upstream.show(upstreamId, { status: 'SUCCESS' });
    await shows(id, { status: 'SUCCESS' });
  });
});
