import { MidjourneyProxyAdapter, UpstreamHttp } from '#libs/upstream';
import { imagine } from '../../libs/upstream/test/commands.js';
import { reply } from '../../libs/upstream/test/scripted-server.js';
import { SUBMIT_CONTEXT, target } from '../../libs/upstream/test/target.js';
import {
  NEW_API_RUNNING,
  NOVICEZK_SUCCESS,
  TRUEAI_SUCCESS,
  TRUEAI_VIDEO,
} from '../../libs/upstream/test/task-bodies.js';
import { useScriptedUpstream } from '../../libs/upstream/test/use-scripted-upstream.js';
import type { ContractBench } from './contract-bench.js';
import { inlinePicture } from './contract-commands.js';
import { DIALECTS, type Dialect } from './proxy-dialects.js';
import { ScriptedProxy } from './scripted-proxy.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';

const SECRET = 'the secret of the scripted server';
const HASH = '3d2a9a4e-58b1-4a1c-8a55-0f6b7c1e2d90';

function benchOf(dialect: Dialect): () => Promise<ContractBench> {
  return async () => {
    const proxy = await ScriptedProxy.start(dialect, SECRET);
    return {
      adapter: new MidjourneyProxyAdapter(new UpstreamHttp({ userAgent: 'Journeyman' })),
      target: target({ baseUrl: proxy.origin, secret: SECRET, fullTexts: ['队列已满'] }),
      locked: target({ baseUrl: proxy.origin, secret: 'not the secret' }),
      picture: inlinePicture,
      context: (state) => ({ state, pushUrl: null }),
      unreachable: target({ baseUrl: 'http://127.0.0.1:1', secret: SECRET }),
      unknownId: '1700000000000000',
      running: ({ state }) => Promise.resolve(proxy.add(state, 'IN_PROGRESS')),
      finished: ({ state }) =>
        Promise.resolve({
          upstreamTaskId: proxy.add(state, 'SUCCESS'),
          button: `MJ::JOB::upsample::1::${HASH}`,
          windowButton: `MJ::Inpaint::1::${HASH}::SOLO`,
        }),
      meet: (situation) => {
        proxy.meet(situation);
        return Promise.resolve(imagine('a fox'));
      },
      countTasks: ({ state }) => Promise.resolve(proxy.countTasks(state)),
      breakReads: (breakage) => proxy.breakReads(breakage),
      close: () => proxy.close(),
    };
  };
}

describe.each(Object.keys(DIALECTS) as (keyof typeof DIALECTS)[])('a scripted %s server', (kind) => {
  const dialect = DIALECTS[kind];
  describeUpstreamAdapter(`MidjourneyProxyAdapter with it`, benchOf(dialect), dialect.lacks);
});

describe('MidjourneyProxyAdapter with bodies as servers word them', () => {
  const { server, adapter } = useScriptedUpstream((http) => new MidjourneyProxyAdapter(http));

  it.each([
    [
      'novicezk: two wait',
      200,
      { code: 22, description: '排队中，前面还有2个任务', result: '17', properties: { numberOfQueues: 2 } },
      { kind: 'queued', upstreamTaskIds: ['17'], ahead: 2 },
    ],
    [
      'trueai: one button, several tasks',
      200,
      { code: 1, description: '成功', result: '17,18,19', properties: {} },
      { kind: 'accepted', upstreamTaskIds: ['17', '18', '19'] },
    ],
    [
      'trueai: the parent is gone',
      404,
      { code: 3, description: '关联任务不存在或已失效', result: null, properties: {} },
      // Work without a parent cannot lack one: for it this is a route that is not there.
      { kind: 'nothing_done', fault: 'not_found', scope: 'work' },
    ],
    [
      'trueai: a rule of the second envelope',
      200,
      { success: false, code: -1, message: '总绘图次数已达上限', timestamp: '638712345678901234' },
      { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' },
    ],
    [
      'trueai: a rule that means full',
      200,
      { success: false, code: -1, message: '并发数已达上限', timestamp: '638712345678901234' },
      { kind: 'full' },
    ],
    ['trueai: its rate limit', 429, '', { kind: 'full' }],
    [
      'new-api: what is behind it may have accepted',
      400,
      { description: 'do_request_failed ', type: 'upstream_error', code: 5 },
      { kind: 'unknown', fault: 'status_4xx' },
    ],
    [
      'new-api: a window whose code it made 1',
      200,
      { code: 1, description: 'Waiting for window confirm', result: 17, properties: { finalPrompt: '', remix: true } },
      { kind: 'accepted', upstreamTaskIds: ['17'] },
    ],
    [
      'new-api: no balance',
      403,
      { error: { message: 'insufficient quota', type: 'new_api_error', param: '', code: 'insufficient_user_quota' } },
      // The operator's balance is not for clients.
      { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' },
    ],
    ['a code 1 that names nothing', 200, { code: 1, result: null }, { kind: 'unknown', fault: 'unexpected' }],
    ['no code at all', 200, { result: '17' }, { kind: 'accepted', upstreamTaskIds: ['17'] }],
  ])('submit: %s', async (_what, status, body, outcome) => {
    server.script = reply(body, status);
    const up = target({ baseUrl: server.origin, fullTexts: ['并发数已达上限'] });
    await expect(adapter.submit(up, imagine('a fox'), SUBMIT_CONTEXT)).resolves.toEqual(outcome);
    expect(server.received).toHaveLength(1);
  });

  it('reads tasks of all kinds of server in one answer, the odd ones too', async () => {
    server.script = reply([
      NOVICEZK_SUCCESS,
      { ...TRUEAI_SUCCESS, progress: 'Waiting to start', status: 'IN_PROGRESS' },
      { ...NEW_API_RUNNING, id: 1_762_430_055_667_788 },
      { ...TRUEAI_VIDEO, id: '20' },
      { id: '21', status: 'FAILURE', progress: '', failReason: '任务超时' },
      { id: '22', status: 'FAILURE', progress: '100%', failReason: '上游任务超时（超过1小时）' },
      { id: '23', status: 'PAUSED', progress: 'paused' },
      { status: 'SUCCESS' },
      null,
    ]);
    const snapshots = await adapter.fetchMany(target({ baseUrl: server.origin }), ['17']);
    expect(snapshots).toMatchObject([
      { upstreamTaskId: NOVICEZK_SUCCESS.id, status: 'SUCCESS', buttons: [], imageUrls: [] },
      { upstreamTaskId: TRUEAI_SUCCESS.id, status: 'IN_PROGRESS', progress: null },
      { upstreamTaskId: NEW_API_RUNNING.id, status: 'IN_PROGRESS', progress: 37, imageUrl: null, state: null },
      { upstreamTaskId: '20', status: 'SUCCESS', videoUrls: TRUEAI_VIDEO.videoUrls.map(({ url }) => url) },
      { upstreamTaskId: '21', status: 'FAILURE', progress: null, failReason: '任务超时' },
      { upstreamTaskId: '22', status: 'FAILURE', progress: 100 },
      { upstreamTaskId: '23', status: null, progress: null },
    ]);
  });
});
