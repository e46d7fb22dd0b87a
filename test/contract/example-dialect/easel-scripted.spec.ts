import { UpstreamHttp } from '#libs/upstream';
import { imagine } from '../../../libs/upstream/test/commands.js';
import { target } from '../../../libs/upstream/test/target.js';
import type { Said } from '../breakable-server.js';
import type { ContractBench, Lack } from '../contract-bench.js';
import { inlinePicture } from '../contract-commands.js';
import { type JobDialect, type ScriptedJob, ScriptedJobServer } from '../scripted-job-server.js';
import { describeUpstreamAdapter } from '../upstream-adapter.contract.js';
import { EASEL } from './easel.kind.js';

const KEY = 'the key of Easel';
const LACKS: readonly Lack[] = [
  ...(['blend', 'describe', 'shorten', 'change', 'edits', 'retexture', 'video', 'upload', 'swap'] as const),
  ...(['window', 'upstream-window', 'batches', 'recent', 'complete-list', 'seed', 'cancel'] as const),
  ...(['no_account', 'exists'] as const),
];

const shown = ({ id, sent: { note, prompt }, status }: ScriptedJob): Said => {
  const picture = { id, note, prompt, stage: 'drawing' };
  const drawn = { ...picture, stage: 'drawn', link: `/drawn/${id}.png` };
  return [200, { picture: status === 'done' ? drawn : picture }];
};
const problem = (status: number, message: string, more: object = {}): Said => [status, { message, ...more }];

/** Easel as its pages say that it answers. */
const SCRIPT: JobDialect = {
  id: (number) => `p${number}`,
  isAdmitted: (headers) => headers['x-easel-key'] === KEY,
  accepted: shown,
  read: (path, jobs) => {
    if (path === '/v1/account') return [200, { plan: 'studio' }];
    const job = jobs.get(path.replace('/v1/pictures/', ''));
    return job === undefined ? problem(404, 'no such picture') : shown(job);
  },
  locked: problem(401, 'who are you?'),
  situations: {
    full: problem(429, 'every easel is taken'),
    banned: problem(400, 'we do not draw that', { banned: 'fox' }),
    refused: problem(400, 'the prompt is too long'),
    crash: problem(500, 'the paint fell over'),
    unreadable: [200, '{"picture":{"id":"p'],
  },
};

async function makeBench(): Promise<ContractBench> {
  const server = await ScriptedJobServer.start(SCRIPT);
  const { capabilities, makeAdapter } = EASEL;
  // A real kind is named here; its capabilities then come with it.
  const up = target({ capabilities, baseUrl: server.origin, secret: KEY });
  return {
    adapter: makeAdapter(new UpstreamHttp({ userAgent: 'Journeyman' })),
    definition: EASEL,
    target: up,
    locked: { ...up, secret: 'not the key' },
    unreachable: { ...up, baseUrl: 'http://127.0.0.1:1' },
    unknownId: 'p999',
    picture: inlinePicture,
    context: (state) => ({ state, pushUrl: null }),
    running: ({ state }) => Promise.resolve(server.add({ note: state }, 'running').id),
    finished: ({ state }) => {
      const { id } = server.add({ note: state }, 'done');
      return Promise.resolve({ upstreamTaskId: id, button: `MJ::JOB::variation::1::${id}`, windowButton: '' });
    },
    meet: (situation) => {
      server.meet(situation);
      return Promise.resolve(imagine('a fox'));
    },
    countTasks: ({ state }) => Promise.resolve(server.count(({ note }) => note === state)),
    breakReads: (breakage) => server.breakReads(breakage),
    close: () => server.close(),
  };
}

describeUpstreamAdapter('the adapter of an invented vendor', makeBench, LACKS);
