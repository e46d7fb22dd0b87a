import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startSimulator, type Simulator } from '../../../apps/simulator/src/simulator.js';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';

/** `PicReader::all`: one press draws every described prompt. */
describe('one press that makes several tasks', () => {
  let folder: string;
  let simulator: Simulator;
  let gateway: TestGateway;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journeyman-groups-'));
    simulator = await startSimulator({ dir: folder, runMs: 600 });
    gateway = await TestGateway.start({ upstreamUrl: simulator.url, environment: { UPSTREAM_MAX_CONCURRENT: '6' } });
  });

  afterAll(async () => {
    await gateway.close();
    await simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const finished = (id: string): Promise<TaskView> =>
    until(`the end of ${id}`, async () => {
      const { json } = await gateway.get<TaskView>(`/mj/task/${id}/fetch`);
      return json.progress === '100%' ? json : null;
    });

  it('answers all their ids, and a replay the same', async () => {
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#337755' } })
      .png()
      .toBuffer();
    const { json: described } = await gateway.post<{ result: string }>('/mj/submit/describe', {
      base64: png.toString('base64'),
    });
    const parent = await finished(described.result);
    const all = parent.buttons?.find(({ customId }) => /picreader::all/i.test(customId))?.customId;
    const press = (): Promise<{ json: { code: number; result: string } }> =>
      gateway.post('/mj/submit/action', { taskId: parent.id, customId: all }, { 'idempotency-key': 'all-1' });
    const { json } = await press();
    expect(json.code).toBe(1);
    const ids = json.result.split(',');
    expect(ids).toHaveLength(4);
    expect((await press()).json).toEqual(json);
    const tasks = await Promise.all(ids.map(finished));
    expect(tasks.map(({ action, status, cost, parentId }) => ({ action, status, cost, parentId }))).toEqual(
      ids.map(() => ({ action: 'IMAGINE', status: 'SUCCESS', cost: 0.1, parentId: parent.id })),
    );
    expect(tasks.map(({ prompt }, at) => parent.prompt.includes(`${at + 1}️⃣ ${prompt}`))).toEqual(ids.map(() => true));
    expect(new Set(tasks.map(({ prompt }) => prompt)).size).toBe(4);
    expect(new Set(tasks.map(({ imageUrl }) => imageUrl)).size).toBe(4);
    const rows = await gateway.sql<{ batch_id: string | null }>(
      'select batch_id from task where id = any($1::bigint[])',
      [ids.slice(1)],
    );
    expect(rows.map(({ batch_id }) => batch_id)).toEqual([ids[0], ids[0], ids[0]]);
  });

  it('sends nothing and keeps nothing when there is no room for all of them', async () => {
    const [parent] = await gateway.sql<{ id: string }>("select id from task where action = 'DESCRIBE'");
    await gateway.sql('update upstream_load set max_concurrent = 2');
    const { json } = await gateway.post('/mj/submit/action', {
      taskId: parent?.id,
      customId: 'MJ::Job::PicReader::all',
    });
    expect(json).toMatchObject({ code: 23, result: null });
    expect(await gateway.sql('select running from upstream_load')).toEqual([{ running: 0 }]);
    const wrong = await gateway.sql(
      'select t.id from task t left join ledger l on l.task_id = t.id group by t.id having t.cost <> -coalesce(sum(l.amount), 0)',
    );
    expect(wrong).toEqual([]);
  });
});
