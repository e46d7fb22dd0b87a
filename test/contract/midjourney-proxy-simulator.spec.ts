import { MidjourneyProxyAdapter, type SubmitContext, UpstreamHttp } from '#libs/upstream';
import { actionWork, command, imagine, videoWork } from '../../libs/upstream/test/commands.js';
import { target } from '../../libs/upstream/test/target.js';
import { until } from '../support/until.js';
import type { ContractBench, FinishedTask, Situation } from './contract-bench.js';
import { inlinePicture, pictureOf } from './contract-commands.js';
import { ContractSimulator, type Json } from './contract-simulator.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';
import { useBench } from './use-bench.js';

const SECRET = 'the secret of the simulator';
const FAULTS: Record<Exclude<Situation, 'exists'>, string> = {
  full: 'code-23',
  banned: 'code-24=fox',
  refused: 'code-4',
  no_account: 'code-3',
  hang: 'accept-hang',
  reset: 'reset',
  crash: 'accept-500',
  unreadable: 'accept-unreadable',
};

async function begin(simulator: ContractSimulator, prompt: string, { state }: SubmitContext): Promise<string> {
  return String((await simulator.call('/mj/submit/imagine', { prompt, state }))['result']);
}

async function finish(simulator: ContractSimulator, id: string): Promise<Json> {
  return until('a finished task', async () => {
    const task = await simulator.call(`/mj/task/${id}/fetch`);
    return task['status'] === 'SUCCESS' ? task : null;
  });
}

async function makeBench(): Promise<ContractBench> {
  const simulator = await ContractSimulator.start(SECRET, { 'mj-api-secret': SECRET });
  const finished = async (context: SubmitContext): Promise<FinishedTask> => {
    const upstreamTaskId = await begin(simulator, 'a lighthouse [sim:small]', context);
    const buttons = (await finish(simulator, upstreamTaskId))['buttons'] as { label: string; customId: string }[];
    const vary = buttons.find(({ label }) => label === 'V1')?.customId ?? '';
    return { upstreamTaskId, button: vary, windowButton: vary };
  };
  return {
    adapter: new MidjourneyProxyAdapter(new UpstreamHttp({ userAgent: 'Journeyman' })),
    target: target({ baseUrl: simulator.url, secret: SECRET }),
    locked: target({ baseUrl: simulator.url, secret: 'not the secret' }),
    picture: inlinePicture,
    context: (state) => ({ state, pushUrl: null }),
    unreachable: target({ baseUrl: 'http://127.0.0.1:1' }),
    unknownId: '1700000000000000',
    running: (context) => begin(simulator, 'a lighthouse [sim:slow=3600000]', context),
    finished,
    meet: async (situation) => {
      if (situation !== 'exists') return imagine(`a red fox [sim:${FAULTS[situation]}]`);
      await finished({ state: 'jm:1', pushUrl: null });
      return imagine('a lighthouse [sim:small] [sim:duplicate]');
    },
    countTasks: async ({ state }) => {
      const listed = (await simulator.call('/mj/task/list')) as unknown as Json[];
      return listed.filter((task) => task['state'] === state).length;
    },
    breakReads: () => {
      throw new Error('the simulator has no faults for reads');
    },
    close: () => simulator.close(),
  };
}

describeUpstreamAdapter('MidjourneyProxyAdapter with the simulator', makeBench, ['breakage']);

describe('MidjourneyProxyAdapter with the simulator', () => {
  const bench = useBench(makeBench);
  const context: SubmitContext = { state: 'jm:6240000000000017', pushUrl: null };

  it('says so when the list of recent tasks has no room for all', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 101; count += 1) ids.push(await bench.running(context));
    const recent = await bench.adapter.listRecent(bench.target);
    expect(recent?.reachesBackTo).not.toBe(-Infinity);
    expect(recent?.snapshots.map(({ upstreamTaskId }) => upstreamTaskId).sort()).toEqual(ids.slice(1).sort());
  });

  it('reads the place in the queue', async () => {
    let ahead = 0;
    for (let count = 0; count < 202; count += 1) await bench.running(context);
    const outcome = await bench.adapter.submit(bench.target, imagine('a fox'), context);
    if (outcome.kind === 'queued') ahead = outcome.ahead;
    expect([outcome.kind, ahead]).toEqual(['queued', 2]);
  });

  it('gets several tasks from one button', async () => {
    const described = await bench.adapter.submit(
      bench.target,
      command({ kind: 'describe', image: await pictureOf('#3a6'), link: null, language: null }),
      context,
    );
    if (described.kind !== 'accepted') throw new Error(described.kind);
    const [upstreamTaskId] = described.upstreamTaskIds;
    await until('the description', async () =>
      (await bench.adapter.fetch(bench.target, upstreamTaskId))?.status === 'SUCCESS' ? true : null,
    );
    const customId = 'MJ::Job::PicReader::all';
    const outcome = await bench.adapter.submit(
      bench.target,
      command(actionWork({ upstreamTaskId, customId })),
      context,
    );
    expect(outcome.kind).toBe('accepted');
    const ids = outcome.kind === 'accepted' ? outcome.upstreamTaskIds : [];
    expect(new Set(ids).size).toBe(4);
    const states = (await bench.adapter.fetchMany(bench.target, ids)).map(({ state }) => state);
    expect(states.sort()).toEqual([1, 2, 3, 4].map((index) => `${context.state}::${index}`));
  });

  it('extends a clip of a finished film', async () => {
    const film = videoWork({ prompt: 'waves', image: await pictureOf('#36a'), batchSize: 2 });
    const begun = await bench.adapter.submit(bench.target, command(film), context);
    if (begun.kind !== 'accepted') throw new Error(begun.kind);
    const [upstreamTaskId] = begun.upstreamTaskIds;
    const done = await until('the film', async () => {
      const snapshot = await bench.adapter.fetch(bench.target, upstreamTaskId);
      return snapshot?.status === 'SUCCESS' ? snapshot : null;
    });
    expect(done.videoUrls).toHaveLength(2);
    const extend = { upstreamTaskId, index: 1 };
    const outcome = await bench.adapter.submit(bench.target, command({ ...film, image: null, extend }), context);
    expect(outcome.kind).toBe('accepted');
  });
});
