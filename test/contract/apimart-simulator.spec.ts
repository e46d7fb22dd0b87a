import {
  AdapterByKind,
  type Outcome,
  type Snapshot,
  type SubmitContext,
  UpstreamHttp,
  type Work,
} from '#libs/upstream';
import { actionWork, command, imagine, imagineWork, type ActionWork } from '../../libs/upstream/test/commands.js';
import { target } from '../../libs/upstream/test/target.js';
import { until } from '../support/until.js';
import type { ContractBench, FinishedTask, Situation } from './contract-bench.js';
import { inlinePicture, pictureOf } from './contract-commands.js';
import { ContractSimulator, type Json } from './contract-simulator.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';
import { endOf, useBench } from './use-bench.js';
import { VENDOR_LACKS } from './vendor-lacks.js';

const SECRET = 'sk-of-the-simulator';
const FAULTS: Record<Exclude<Situation, 'exists'>, string> = {
  full: 'http-429',
  banned: 'http-422',
  refused: 'code-4',
  no_account: 'code-3',
  hang: 'accept-hang',
  reset: 'reset',
  crash: 'accept-500',
  unreadable: 'accept-unreadable',
};

async function begin(simulator: ContractSimulator, asked: string | Json, route = ''): Promise<string> {
  const body = typeof asked === 'string' ? { prompt: asked } : asked;
  const { data } = await simulator.call(`/v1/midjourney/generations${route}`, body);
  return String((data as Json[])[0]?.['task_id']);
}

async function finish(simulator: ContractSimulator, id: string): Promise<Json> {
  return until('a finished task', async () => {
    const task = await simulator.call(`/v1/midjourney/${id}`);
    return task['status'] === 'SUCCESS' ? task : null;
  });
}

async function makeBench(
  apimart: { windowMs?: number } = {},
): Promise<ContractBench & { simulator: ContractSimulator }> {
  const simulator = await ContractSimulator.start(SECRET, { authorization: `Bearer ${SECRET}` }, { apimart });
  const up = target({ kind: 'apimart', baseUrl: simulator.url, secret: SECRET, defaultVersion: '8.2' });
  const finished = async (): Promise<FinishedTask> => {
    const upstreamTaskId = await begin(simulator, 'a lighthouse --v 7 [sim:small]');
    const shown = async (id: string, verb: string): Promise<string> => {
      const buttons = (await finish(simulator, id))['buttons'] as { customId: string }[];
      return buttons.find(({ customId }) => customId.includes(verb))?.customId ?? '';
    };
    const button = await shown(upstreamTaskId, '::variation::1');
    // Only a picture of its own has a window of the vendor.
    const windowTaskId = await begin(simulator, { task_id: upstreamTaskId, index: 1 }, '/upscale');
    return { upstreamTaskId, button, windowTaskId, windowButton: await shown(windowTaskId, 'MJ::Inpaint') };
  };
  return {
    simulator,
    adapter: new AdapterByKind(new UpstreamHttp({ userAgent: 'Journeyman' })),
    target: up,
    locked: { ...up, secret: 'not the secret' },
    picture: inlinePicture,
    context: (state) => ({ state, pushUrl: null }),
    unreachable: { ...up, baseUrl: 'http://127.0.0.1:1' },
    unknownId: 'task_01K0000000000000000000000Z',
    running: () => begin(simulator, 'a lighthouse [sim:slow=3600000]'),
    finished,
    meet: async (situation) => {
      if (situation !== 'exists') return imagine(`a red fox [sim:${FAULTS[situation]}]`);
      await finished();
      return imagine('a lighthouse --v 7 [sim:small] [sim:duplicate]');
    },
    countTasks: async (_context, sent) => {
      const prompt = 'prompt' in sent ? sent.prompt : '';
      return Number((await simulator.call(`/apimart/accepted?prompt=${encodeURIComponent(prompt)}`))['count']);
    },
    breakReads: () => {
      throw new Error('the simulator breaks reads of single tasks only');
    },
    close: () => simulator.close(),
  };
}

describeUpstreamAdapter('ApimartAdapter with the simulator', makeBench, [...VENDOR_LACKS.apimart, 'breakage']);

describe('ApimartAdapter with the simulator', () => {
  const bench = useBench(makeBench);
  const context: SubmitContext = { state: 'jm:6240000000000017', pushUrl: null };

  const submit = (work: Work): Promise<Outcome> => bench.adapter.submit(bench.target, command(work), context);

  async function done(work: Work): Promise<Snapshot> {
    const outcome = await submit(work);
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    return endOf(bench, outcome.upstreamTaskIds[0]);
  }

  const grid = (flags: string): Promise<Snapshot> => done(imagineWork(`a lighthouse ${flags} [sim:small]`));

  /** Presses the first button of a task whose customId has a text. */
  function press(task: Snapshot, text: string, more: Partial<ActionWork> = {}): ActionWork {
    const customId = task.buttons.find((button) => button.customId.includes(text))?.customId;
    if (customId === undefined) throw new Error(`no ${text} among ${JSON.stringify(task.buttons)}`);
    const parent = { prompt: task.prompt, seed: null };
    const { upstreamTaskId } = task;
    return actionWork({ upstreamTaskId, customId, parent, ...more });
  }

  it('a picture of a grid is upscaled, varied, zoomed, panned and animated', async () => {
    const four = await grid('--v 7');
    expect(four).toMatchObject({ status: 'SUCCESS', progress: 100 });
    expect(four.imageUrls).toHaveLength(4);
    const one = await done(press(four, '::upsample::2'));
    expect(one.imageUrls).toHaveLength(1);
    for (const text of [
      'upsample_v7_2x_subtle',
      'low_variation',
      'Outpaint::75',
      'Outpaint::50',
      'pan_left',
      'animate_low',
    ]) {
      await expect(done(press(one, text))).resolves.toMatchObject({ status: 'SUCCESS' });
    }
    const film = await done(press(one, 'animate_high'));
    expect(film.videoUrls).toHaveLength(1);
  });

  it('a window of the vendor is opened, read and confirmed with a mask', async () => {
    const one = await done(press(await grid('--v 7'), '::upsample::2'));
    const opened = await submit(press(one, 'MJ::Inpaint'));
    if (opened.kind !== 'window') throw new Error(opened.kind);
    const upstreamTaskId = opened.upstreamTaskId ?? '';
    await expect(bench.adapter.fetch(bench.target, upstreamTaskId)).resolves.toMatchObject({ status: 'MODAL' });
    const confirmed = await submit({ kind: 'modal', upstreamTaskId, prompt: 'a hat', mask: await pictureOf('#fff') });
    expect(confirmed).toMatchObject({ kind: 'accepted' });
    await expect(endOf(bench, upstreamTaskId)).resolves.toMatchObject({ status: 'SUCCESS' });
  });

  it('a custom zoom waits for its words', async () => {
    const one = await done(press(await grid('--v 7'), '::upsample::1'));
    const opened = await submit(press(one, 'MJ::CustomZoom'));
    if (opened.kind !== 'window') throw new Error(opened.kind);
    const upstreamTaskId = opened.upstreamTaskId ?? '';
    await submit({ kind: 'modal', upstreamTaskId, prompt: 'a lighthouse --zoom 1.8', mask: null });
    await expect(endOf(bench, upstreamTaskId)).resolves.toMatchObject({ status: 'SUCCESS' });
  });

  it('pictures of V8, which the vendor upscales not, are picked from the grid', async () => {
    const four = await grid('--v 8.2');
    const one = await done(press(four, '::upsample::3'));
    expect(one).toMatchObject({ status: 'SUCCESS', imageUrl: four.imageUrls[2], imageUrls: [four.imageUrls[2]] });
    for (const text of ['low_variation', 'high_variation', 'animate_low']) {
      await expect(done(press(one, text))).resolves.toMatchObject({ status: 'SUCCESS' });
    }
  });

  it('a variation of V8 with another text is a remix', async () => {
    const four = await grid('--v 8.2');
    const asked = press(four, '::variation::2', { enableRemix: true });
    expect(bench.adapter.submitLocally(bench.target, command(asked), context)).toMatchObject({
      kind: 'window',
      upstreamTaskId: null,
    });
    const remixed = await done({ ...asked, confirmedPrompt: 'a windmill' });
    expect(remixed).toMatchObject({ status: 'SUCCESS', prompt: 'a windmill' });
  });

  it('a description is a text', async () => {
    const image = await pictureOf('#3a6');
    const found = await done({ kind: 'describe', image, link: null, language: null });
    expect(found.prompt).toMatch(/1️⃣/u);
  });

  it('an imagine of a video is a video of its picture', async () => {
    const prompt = 'it turns --video 1 --motion low --bs 2';
    const film = await done(imagineWork(prompt, [await pictureOf('#36a')]));
    expect(film.videoUrls).toHaveLength(2);
  });

  it('five pictures are blended as well', async () => {
    const images = await Promise.all(['#111', '#333', '#555', '#777', '#999'].map(pictureOf));
    await expect(done({ kind: 'blend', images, dimensions: 'LANDSCAPE' })).resolves.toMatchObject({
      status: 'SUCCESS',
    });
  });

  it('a version that is gone is drawn by its successor', async () => {
    const four = await grid('--v 8');
    expect(four.prompt).toContain('--v 8.2');
  });
});

describe('a window of APIMart that nobody confirmed in time', () => {
  it('is gone, and opened once more when it is confirmed after all', async () => {
    const bench = await makeBench({ windowMs: 2_000 });
    const context: SubmitContext = { state: 'jm:6240000000000017', pushUrl: null };
    const id = await begin(bench.simulator, 'a lighthouse --v 7 [sim:small]');
    await finish(bench.simulator, id);
    const upscaled = command({ kind: 'change', upstreamTaskId: id, action: 'UPSCALE', index: 1 });
    const outcome = await bench.adapter.submit(bench.target, upscaled, context);
    const [single] = outcome.kind === 'accepted' ? outcome.upstreamTaskIds : [''];
    const buttons = (await finish(bench.simulator, single))['buttons'] as { customId: string }[];
    const customId = buttons.find((button) => button.customId.startsWith('MJ::Inpaint'))?.customId ?? '';
    const pressed = command(actionWork({ upstreamTaskId: single, customId }));
    const opened = await bench.adapter.submit(bench.target, pressed, context);
    const window = opened.kind === 'window' ? (opened.upstreamTaskId ?? '') : '';
    const gone = await until('the end of the window', async () => {
      const status = (await bench.adapter.fetch(bench.target, window))?.status;
      return status === 'MODAL' ? null : status;
    });
    expect(['CANCEL', 'FAILURE']).toContain(gone);
    const modal = command({ kind: 'modal', upstreamTaskId: window, prompt: 'a hat', mask: null });
    const confirmed = await bench.adapter.submit(bench.target, modal, context);
    if (confirmed.kind !== 'accepted') throw new Error(JSON.stringify(confirmed));
    await finish(bench.simulator, confirmed.upstreamTaskIds[0]);
    await bench.adapter.close();
    await bench.close();
  });
});
