import type { TaskPaceDto, WorkPaceDto } from '../../../apps/gateway/src/task/task-pace.dto.js';
import { TASK_ACTIONS, TASK_MODES } from '../../../libs/wire/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** How long work takes at present, for clients that show the time that is left. */
describe('the pace of tasks', () => {
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '100' } });

  const submit = async (mode: string): Promise<string> =>
    (await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox', mode })).json.result;
  /** A task that ended so: when it was submitted, confirmed, started and ended, in seconds before now. */
  const ended = async (mode: string, status: 'SUCCESS' | 'FAILURE', times: (number | null)[]): Promise<void> => {
    const id = await submit(mode);
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      id,
    ]);
    upstream.show(row?.upstream_task_id ?? '', { status, failReason: 'no' });
    await until('the end', async () => {
      const { json } = await gateway.get(`/mj/task/${id}/fetch`);
      return json['status'] === status ? true : null;
    });
    await gateway.sql(
      `update task set submitted_at = now() - $2::int * interval '1 s', confirmed_at = now() - $3::int * interval '1 s',
         started_at = now() - $4::int * interval '1 s', finished_at = now() - $5::int * interval '1 s' where id = $1`,
      [id, ...times],
    );
  };
  const paceOf = ({ items }: TaskPaceDto, action: string, mode: string): Partial<WorkPaceDto> | undefined =>
    items.find((item) => item.action === action && item.mode === mode);

  it('is the median of what succeeded lately, by action and mode', async () => {
    for (const [wait, run] of [
      [10, 30],
      [20, 60],
      [60, 90],
    ] as const)
      await ended('FAST', 'SUCCESS', [wait + run + 5, null, run + 5, 5]);
    await ended('FAST', 'FAILURE', [9_000, null, 5_000, 5]);
    await ended('FAST', 'SUCCESS', [9 * 86_400, null, 8 * 86_400, 5]);
    // A window that was open for an hour did not wait for an upstream.
    await ended('TURBO', 'SUCCESS', [3_700, 100, 92, 52]);
    await submit('RELAX');

    const own = await TestGateway.start({ upstreamUrl: upstream.url, replicaOf: gateway });
    const { status, json } = await own.get<TaskPaceDto>('/mj/task/pace');
    await own.close();
    expect(status).toBe(200);
    expect(json.items).toHaveLength(TASK_ACTIONS.length * TASK_MODES.length);
    expect(paceOf(json, 'IMAGINE', 'FAST')).toMatchObject({ queueSeconds: 20, runSeconds: 60, tasks: 3 });
    expect(paceOf(json, 'IMAGINE', 'TURBO')).toMatchObject({ queueSeconds: 8, runSeconds: 40, tasks: 1 });
    const unknown = { queueSeconds: null, runSeconds: null, tasks: 0 };
    expect(paceOf(json, 'IMAGINE', 'RELAX')).toMatchObject(unknown);
    expect(paceOf(json, 'UPSCALE', 'FAST')).toMatchObject(unknown);
  });

  it('is read once for many who ask', async () => {
    const { json } = await gateway.get<TaskPaceDto>('/mj/task/pace');
    await ended('RELAX', 'SUCCESS', [50, null, 40, 5]);
    expect((await gateway.get<TaskPaceDto>('/mj/task/pace')).json).toEqual(json);
  });

  it('is told under every prefix, and to nobody without a key', async () => {
    expect((await gateway.get('/mj-relax/mj/task/pace')).status).toBe(200);
    expect((await gateway.call('/mj/task/pace', {})).status).toBe(401);
  });
});
