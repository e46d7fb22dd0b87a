import { AdapterByKind, UpstreamHttp } from '#libs/upstream';
import { imagine } from '../../libs/upstream/test/commands.js';
import { target } from '../../libs/upstream/test/target.js';
import type { Said } from './breakable-server.js';
import type { ContractBench } from './contract-bench.js';
import { inlinePicture } from './contract-commands.js';
import { type JobDialect, type ScriptedJob, ScriptedJobServer } from './scripted-job-server.js';

export const KEY = 'sk-of-the-scripted-server';
const CDN = 'https://cdn.example';
const PAGE = '<!doctype html><html><head><title>502 Bad Gateway</title></head></html>';
const GENERATIONS = '/v1/midjourney/generations';
const MJ_STATUS = { running: 'IN_PROGRESS', done: 'SUCCESS', window: 'MODAL' } as const;
const UNIFIED_STATUS = { running: 'processing', done: 'completed', window: 'pending' } as const;

/** A task in the form for Midjourney. */
export function mjTask(overrides: object = {}): object {
  return {
    id: 'task_01K8ABCDEFGHJKMNPQRSTVWXYZ',
    status: 'SUCCESS',
    action: 'IMAGINE',
    mode: 'FAST',
    progress: '100%',
    prompt: 'a fox --v 7',
    description: '',
    grid_image_url: `${CDN}/grid.png`,
    image_urls: [0, 1, 2, 3].map((at) => `${CDN}/${at}.png`),
    video_url: '',
    video_urls: [],
    buttons: [],
    fail_reason: '',
    cost: 0.045,
    created: 1_790_841_600,
    ...overrides,
  };
}

/** A task in the form of all models. */
export function unifiedTask(overrides: object = {}): object {
  const url = [0, 1, 2, 3].map((at) => `${CDN}/${at}.png`);
  return { status: 'completed', progress: 100, result: { images: [{ url, expires_at: 1_790_928_000 }] }, ...overrides };
}

const nothingYet = { grid_image_url: '', image_urls: null, progress: '46%' };

function mjOf({ id, status }: ScriptedJob): object {
  return mjTask({ id, status: MJ_STATUS[status], ...(status === 'done' ? {} : nothingYet) });
}

function unifiedOf({ status }: ScriptedJob): object {
  const unfinished = { status: UNIFIED_STATUS[status], progress: 46, result: null };
  return { code: 200, data: unifiedTask(status === 'done' ? {} : unfinished) };
}

/** An error in the vendor's envelope. */
export function errorOf(code: number, type: string, message: string): Said {
  return [code, { error: { code, type, message } }];
}

const ofMj = (code: number, description: string, more: object = {}): Said => [200, { code, description, ...more }];

/** How it words what it declines: by the status of the answer, or by the codes of midjourney-proxy in a 200. */
const BY_STATUS: JobDialect['situations'] = {
  full: errorOf(429, 'rate_limit_error', 'Too many requests'),
  banned: errorOf(422, 'moderation_blocked', 'The prompt was rejected by moderation'),
  refused: errorOf(400, 'invalid_request_error', 'size must be of the form w:h'),
  no_account: errorOf(503, 'service_unavailable', 'No available upstream'),
  crash: [502, PAGE],
  unreadable: [200, '{"code":200,"data":[{"status":"subm'],
};
const BY_CODE: JobDialect['situations'] = {
  ...BY_STATUS,
  banned: ofMj(24, 'Banned prompt', { properties: { promptEn: 'a bloody fox', bannedWord: 'bloody' } }),
  refused: ofMj(4, 'index is required'),
  no_account: ofMj(3, 'No available upstream'),
  crash: errorOf(500, 'api_error', 'internal error'),
};

/** @param hasMjForm finished and running tasks can be read in the form for Midjourney; windows always can */
function apimartWith(situations: JobDialect['situations'], hasMjForm: boolean): JobDialect {
  const unknown = errorOf(404, 'not_found_error', 'task not found');
  return {
    id: (number) => `task_${String(number).padStart(26, '0')}`,
    isAdmitted: ({ authorization }) => authorization === `Bearer ${KEY}`,
    accepted: ({ id, status }) => [
      200,
      { code: 200, data: [{ status: status === 'window' ? 'modal' : 'submitted', task_id: id }] },
    ],
    confirms: (path, sent) => (path === `${GENERATIONS}/modal` ? String(sent['task_id']) : undefined),
    opensWindow: (path) => path === `${GENERATIONS}/inpaint`,
    read: (path, jobs) => {
      const [, form, id = ''] = /^\/v1\/(midjourney|tasks)\/([^/]+)$/.exec(path) ?? [];
      const job = jobs.get(id);
      if (job === undefined) return unknown;
      if (form === 'tasks') return [200, unifiedOf(job)];
      return hasMjForm || job.status === 'window' ? [200, mjOf(job)] : unknown;
    },
    locked: errorOf(401, 'authentication_error', 'Invalid API key'),
    situations,
  };
}

export const APIMART_DIALECTS = {
  'errors by status': apimartWith(BY_STATUS, true),
  'errors by code': apimartWith(BY_CODE, true),
  'tasks in the form of all models': apimartWith(BY_STATUS, false),
};

/** A bench of the adapter and a scripted server. */
export async function scriptedApimartBench(dialect: JobDialect): Promise<ContractBench> {
  const server = await ScriptedJobServer.start(dialect);
  const up = target({ kind: 'apimart', baseUrl: server.origin, secret: KEY });
  return {
    adapter: new AdapterByKind(new UpstreamHttp({ userAgent: 'Journeyman' })),
    target: up,
    locked: { ...up, secret: 'not the secret' },
    unreachable: { ...up, baseUrl: 'http://127.0.0.1:1' },
    unknownId: dialect.id(999),
    picture: inlinePicture,
    context: (state) => ({ state, pushUrl: null }),
    running: () => Promise.resolve(server.add({ prompt: 'a lighthouse' }, 'running').id),
    finished: () => {
      const { id } = server.add({ prompt: 'a lighthouse' }, 'done');
      const [button, windowButton] = [`MJ::JOB::variation::1::${id}`, `MJ::Inpaint::1::${id}::SOLO`];
      return Promise.resolve({ upstreamTaskId: id, button, windowButton });
    },
    meet: (situation) => {
      server.meet(situation);
      return Promise.resolve(imagine(`a red fox that is ${situation}`));
    },
    countTasks: (_context, command) => {
      const asked = 'prompt' in command ? command.prompt : '';
      return Promise.resolve(server.count(({ prompt }) => String(prompt).includes(asked)));
    },
    breakReads: (breakage) => server.breakReads(breakage),
    close: () => server.close(),
  };
}
