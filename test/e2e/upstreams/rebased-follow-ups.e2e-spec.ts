import sharp from 'sharp';
import { UpstreamAdmin, UpstreamCache, type UpstreamPatch } from '#libs/upstream';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

interface Reply {
  code: number;
  description: string;
  result: string | null;
}

const JOB = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';
const ANIMATE = `MJ::JOB::animate_low::1::${JOB}::SOLO`;
const VARY = `MJ::JOB::low_variation::1::${JOB}::SOLO`;

/** Follow-ups of an upstream that is gone, where its operator lets them leave it. */
describe('a follow-up whose upstream is gone', () => {
  let one: ScriptedUpstream;
  let two: ScriptedUpstream;
  let gateway: TestGateway;
  let ids: { one: string; two: string };
  let parent: string;

  beforeEach(async () => {
    one = await ScriptedUpstream.start();
    two = await ScriptedUpstream.start();
    one.picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#3a6' } })
      .png()
      .toBuffer();
    gateway = await TestGateway.start({ upstreamUrl: one.url });
    const [row] = await gateway.sql<{ id: string }>(`select id from upstream where name = 'default'`);
    parent = await result();
    const made = await gateway.app.get(UpstreamAdmin).create({ name: 'second', baseUrl: two.url });
    if (made.kind !== 'created') throw new Error(made.kind);
    ids = { one: row?.id ?? '', two: made.upstream.id };
    await gateway.app.get(UpstreamCache).refresh();
  });

  afterEach(async () => {
    await gateway.close();
    await one.close();
    await two.close();
  });

  /** A finished single picture, kept by the gateway. */
  const result = async (): Promise<string> => {
    const { json } = await gateway.post<Reply>('/mj/submit/imagine', { prompt: 'a red fox' });
    const [upstreamId = ''] = [...one.tasks.keys()];
    const buttons = [ANIMATE, VARY].map((customId) => ({ customId, label: 'x' }));
    one.show(upstreamId, { status: 'SUCCESS', imageUrl: `${one.url}/a.png`, buttons });
    await until('a kept picture', async () => {
      const kept = await gateway.sql(`select from asset where state = 'kept' and task_id = $1`, [json.result]);
      return kept.length > 0 ? true : null;
    });
    return json.result ?? '';
  };
  const change = async (patch: UpstreamPatch): Promise<void> => {
    expect(await gateway.app.get(UpstreamAdmin).change(ids.one, patch)).toMatchObject({ kind: 'changed' });
    await gateway.app.get(UpstreamCache).refresh();
  };
  const press = async (customId: string): Promise<Reply> =>
    (await gateway.post<Reply>('/mj/submit/action', { taskId: parent, customId })).json;
  const rebase = async (): Promise<void> => {
    await gateway.sql(`update upstream set follow_ups = 'rebase', enabled = false where id = $1`, [ids.one]);
    await gateway.app.get(UpstreamCache).refresh();
  };

  it('goes elsewhere with the kept picture, and its timeline says so', async () => {
    await rebase();
    const reply = await press(ANIMATE);
    expect(reply.code).toBe(1);
    expect(two.submits.map(({ path }) => path)).toEqual(['/mj/submit/video']);
    expect(two.submits[0]?.body).toMatchObject({ prompt: 'a red fox --fast', motion: 'low' });
    expect(String(two.submits[0]?.body['image']).slice(0, 22)).toBe('data:image/png;base64,');
    const rows = await gateway.sql('select upstream_id, rebased_from, parent_id, action from task where id = $1', [
      reply.result,
    ]);
    expect(rows).toEqual([{ upstream_id: ids.two, rebased_from: ids.one, parent_id: parent, action: 'VIDEO' }]);
    const lines = await gateway.sql('select kind, detail from task_event where task_id = $1 order by id limit 2', [
      reply.result,
    ]);
    expect(lines).toEqual([
      { kind: 'opened', detail: { upstreamId: Number(ids.two) } },
      { kind: 'rebased', detail: { from: Number(ids.one) } },
    ]);
  });

  it('waits like new work where the other one is full, and is sent from there', async () => {
    await rebase();
    two.onSubmit = () => ({ code: 23, description: '队列已满，请稍后尝试', result: null });
    const reply = await press(ANIMATE);
    expect(reply).toMatchObject({ code: 1, description: expect.stringMatching(/^In queue/) });
    two.onSubmit = (submit) => ({ code: 1, description: '提交成功', result: two.accept(submit).id });
    await until('its upstream', async () => {
      const rows = await gateway.sql('select from task where id = $1 and upstream_task_id is not null', [reply.result]);
      return rows.length > 0 ? true : null;
    });
    expect(two.submits.at(-1)?.path).toBe('/mj/submit/video');
  });

  it.each([
    ['that needs more than the picture', VARY, rebase],
    ['whose operator does not allow it', ANIMATE, () => change({ enabled: false })],
  ])('stays there: one %s', async (_, customId, leave) => {
    await leave();
    expect(await press(customId)).toMatchObject({ code: 4, description: 'upstream_not_available' });
    expect(two.submits).toEqual([]);
  });
});
