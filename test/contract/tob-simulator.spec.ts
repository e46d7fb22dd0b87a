import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdapterByKind, type Snapshot, type SubmitContext, UpstreamHttp, type Work } from '#libs/upstream';
import { type Simulator, startSimulator } from '../../apps/simulator/src/simulator.js';
import { target } from '../../libs/upstream/test/target.js';
import { until } from '../support/until.js';
import type { ContractBench, FinishedTask, Lack, Situation } from './contract-bench.js';
import { command, imagine, pngOf } from './contract-commands.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';

type Vendor = 'youchuan' | 'legnext';
type Json = Record<string, unknown>;

const SECRET = 'secret-of-the-simulator';
const VENDORS = {
  youchuan: {
    path: '/v1/tob',
    secret: `app|${SECRET}`,
    headers: { 'x-youchuan-app': 'app', 'x-youchuan-secret': SECRET },
    id: 'id',
    unknownId: '66f000000000000000000000',
    baseUrl: (url: string): string => url,
    isDone: ({ status, urls }: Json): boolean => status === 2 && (urls as unknown[]).length > 0,
  },
  legnext: {
    path: '/api/v1',
    secret: SECRET,
    headers: { 'x-api-key': SECRET },
    id: 'job_id',
    unknownId: '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b',
    baseUrl: (url: string): string => `${url}/api`,
    isDone: ({ status }: Json): boolean => status === 'completed',
  },
} as const;
const FAULTS: Record<Exclude<Situation, 'exists' | 'no_account'>, string> = {
  full: 'refuse=429',
  banned: 'refuse=Msg_Sensitive',
  refused: 'refuse=400',
  hang: 'accept-hang',
  reset: 'reset',
  crash: 'accept-500',
  unreadable: 'accept-unreadable',
};

/** Serves pictures of one colour under links, and takes callbacks. */
async function startHost(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const [, colour] = /^\/([0-9a-f]{3})\.png$/.exec(request.url ?? '') ?? [];
    if (colour === undefined) return void request.resume().on('end', () => response.end());
    void pngOf(`#${colour}`).then((png) => response.writeHead(200, { 'content-type': 'image/png' }).end(png));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function makeBench(vendor: Vendor): Promise<ContractBench> {
  const { path, secret, headers, id, unknownId, baseUrl, isDone } = VENDORS[vendor];
  const dir = await mkdtemp(join(tmpdir(), `contract-${vendor}-`));
  const simulator: Simulator = await startSimulator({ dir, secret: SECRET, runMs: 0, concurrency: 200 });
  const host = await startHost();
  const call = async (route: string, body?: Json): Promise<Json> => {
    const answer = await fetch(simulator.url + route, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as Json;
  };
  const begin = async ({ pushUrl }: SubmitContext, text: string): Promise<string> =>
    String((await call(`${path}/diffusion`, { text, callback: pushUrl }))[id]);
  const up = target({ kind: vendor, baseUrl: baseUrl(simulator.url), secret, acceptsNotifyHook: true });
  return {
    adapter: new AdapterByKind(new UpstreamHttp({ userAgent: 'Journeyman' })),
    target: up,
    locked: { ...up, secret: 'app|not the secret' },
    unreachable: { ...up, baseUrl: 'http://127.0.0.1:1' },
    unknownId,
    picture: (colour) =>
      Promise.resolve({ picture: `${host.url}/${colour.slice(1)}.png`, size: { width: 32, height: 32 } }),
    context: (state) => ({ state, pushUrl: `${host.url}/mj/notify/${state.slice(3)}-token` }),
    running: (context) => begin(context, 'a lighthouse --v 7 [sim:slow=3600000]'),
    finished: async (context): Promise<FinishedTask> => {
      const upstreamTaskId = await begin(context, 'a lighthouse --v 7 [sim:small]');
      await until('a finished job', async () => {
        const job = await call(`${path}/job/${upstreamTaskId}`);
        return isDone(job) ? job : null;
      });
      return {
        upstreamTaskId,
        button: `MJ::JOB::variation::1::${upstreamTaskId}`,
        windowButton: `MJ::JOB::reroll::0::${upstreamTaskId}::SOLO`,
      };
    },
    meet: (situation) => {
      if (situation === 'exists' || situation === 'no_account') throw new Error(`no upstream is ${situation}`);
      return Promise.resolve(imagine(`a red fox [sim:slow=3600000] [sim:${FAULTS[situation]}]`));
    },
    countTasks: async ({ pushUrl }) => {
      const query = new URLSearchParams({ callback: pushUrl ?? '' }).toString();
      return Number((await call(`/simulator/${vendor}/accepted?${query}`))['count']);
    },
    breakReads: () => {
      throw new Error('the bench does not break reads');
    },
    close: async () => {
      await simulator.close();
      host.server.closeAllConnections();
      await new Promise((closed) => host.server.close(closed));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const LACKS: readonly Lack[] = [
  'modal',
  'swap',
  'upload',
  'batches',
  'upstream-window',
  'cancel',
  'complete-list',
  'breakage',
  'no_account',
  'exists',
];

describeUpstreamAdapter('TobAdapter with the simulator of Youchuan', () => makeBench('youchuan'), [
  ...LACKS,
  'describe',
  'shorten',
  'mark',
]);
// Its moderation lets jobs fail.
describeUpstreamAdapter('TobAdapter with the simulator of LegNext', () => makeBench('legnext'), [...LACKS, 'banned']);

describe.each(['youchuan', 'legnext'] as const)('TobAdapter with the simulator of %s', (vendor) => {
  let bench: ContractBench;
  let marks = 6_240_000_000_000_900;

  beforeEach(async () => {
    bench = await makeBench(vendor);
  });
  afterEach(async () => {
    await bench.adapter.close();
    await bench.close();
  });

  async function done(work: Work): Promise<Snapshot> {
    marks += 1;
    const outcome = await bench.adapter.submit(bench.target, command(work), bench.context(`jm:${marks}`));
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
    return until('the end of the task', async () => {
      const snapshot = await bench.adapter.fetch(bench.target, outcome.upstreamTaskIds[0]);
      return snapshot?.status === 'SUCCESS' || snapshot?.status === 'FAILURE' ? snapshot : null;
    });
  }

  const grid = (flags: string): Promise<Snapshot> =>
    done({ kind: 'imagine', prompt: `a lighthouse ${flags} [sim:small]`, images: [] });

  /** Presses a button of a task, with what its window was told. */
  function press(task: Snapshot, customId: string, version: string, confirmed: object = {}): Promise<Snapshot> {
    const { upstreamTaskId } = task;
    const parent = { prompt: `a lighthouse ${version}`, seed: null };
    const terms = { enableRemix: false, chooseSameChannel: false, parent };
    return done({ kind: 'action', upstreamTaskId, customId, ...terms, ...confirmed });
  }

  it.each(['--v 7', '--v 8.1'])('every button of a picture of %s begins work that succeeds', async (version) => {
    const four = await grid(version);
    const one = await press(four, `MJ::JOB::upsample::2::${four.upstreamTaskId}`, version);
    expect(one).toMatchObject({ status: 'SUCCESS', imageUrl: four.imageUrls[1] });
    const { picture: mask } = await bench.picture('#fff');
    expect(one.buttons.length).toBeGreaterThan(7);
    for (const { customId } of one.buttons) {
      const confirmed = { confirmedPrompt: 'a windmill', mask };
      const window = /Inpaint|CustomZoom|remix_/.test(customId) ? confirmed : {};
      await expect(press(one, customId, version, window)).resolves.toMatchObject({ status: 'SUCCESS' });
    }
  });

  it('clips are picked, extended and enlarged', async () => {
    const four = await grid('--v 7');
    const film = await press(four, `MJ::JOB::animate_low::3::${four.upstreamTaskId}`, '--v 7');
    expect(film.videoUrls).toHaveLength(4);
    const clip = await press(film, `MJ::JOB::video_virtual_upscale::2::${film.upstreamTaskId}`, '--v 7');
    expect(clip.videoUrls).toEqual([film.videoUrls[1]]);
    for (const { customId } of clip.buttons) {
      await expect(press(clip, customId, '--v 7')).resolves.toMatchObject({ status: 'SUCCESS' });
    }
  });

  it('a picture that was moderated away keeps its place', async () => {
    const four = await done({ kind: 'imagine', prompt: 'a fox --v 7 [sim:small] [sim:withhold=2]', images: [] });
    expect(four.imageUrls.map((link) => link === null)).toEqual([false, true, false, false]);
    expect(four.imageUrl).toBeNull();
    expect(four.buttons.map(({ label }) => label)).toEqual(['U1', 'U3', 'U4', '', 'V1', 'V3', 'V4']);
  });
});
