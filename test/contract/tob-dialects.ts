import {
  legnextJob,
  PENDING_LEGNEXT_JOB,
  RUNNING_YOUCHUAN_JOB,
  youchuanJob,
} from '../../libs/upstream/test/tob-bodies.js';
import type { Said } from './breakable-server.js';
import type { Lack } from './contract-bench.js';
import type { JobDialect, ScriptedJob } from './scripted-job-server.js';
import { VENDOR_LACKS } from './vendor-lacks.js';

export const KEY = 'the secret of the scripted server';

/** A dialect of the family and how a bench speaks of it. */
export interface TobDialect extends JobDialect {
  kind: 'youchuan' | 'legnext';
  secret: string;
  lacks: readonly Lack[];
}

const BROKEN_OFF: Said = [200, '{"id":"66f0'];
const jobIn = (path: string): string | undefined => /\/job\/([^/?]+)$/.exec(path)?.[1];
const now = (): string => new Date().toISOString();

const refusal = (code: number, reason: string, message: string): Said => [code, { code, message, reason }];
const youchuanOf = ({ id, sent, status }: ScriptedJob): object =>
  status === 'done'
    ? youchuanJob({ id, text: sent['text'] ?? '' })
    : { ...RUNNING_YOUCHUAN_JOB, id, text: sent['text'] ?? sent['remixPrompt'] ?? '' };

/** Youchuan: two headers, Chinese words, misspelt reasons, costs in place of a list. */
const youchuan: TobDialect = {
  kind: 'youchuan',
  secret: `app|${KEY}`,
  lacks: VENDOR_LACKS.youchuan,
  id: (number) => (0x66f0c0ffee00 + number).toString(16).padStart(24, '0'),
  isAdmitted: (headers) => headers['x-youchuan-app'] === 'app' && headers['x-youchuan-secret'] === KEY,
  accepted: (job) => [200, youchuanOf(job)],
  read: (path, jobs) => {
    if (path.startsWith('/v1/tob/costs?')) {
      const list = [...jobs.values()].map(({ id }) => ({ jobId: id, fastCost: 1, relaxCost: 0, costAt: now() }));
      return [200, { list, total: list.length }];
    }
    if (path === '/v1/tob/subscribe') return [200, { plan: 'enterprise' }];
    const job = jobs.get(jobIn(path) ?? '');
    return job === undefined ? refusal(404, 'Not_Found', '任务不存在') : [200, youchuanOf(job)];
  },
  locked: refusal(401, 'Invalid_App_Identifier', '应用标识无效'),
  situations: {
    full: refusal(429, 'Max_Concurrent_Limited', '并发数已达上限'),
    banned: refusal(403, 'Msg_Sensitive', '包含敏感内容'),
    refused: refusal(400, 'Invalid_Prompt_Parameter', '参数错误：--q'),
    crash: refusal(500, 'Internal_Server_Error', '服务器内部错误'),
    unreadable: BROKEN_OFF,
  },
};

const legnextOf = ({ id, sent, status }: ScriptedJob): object => ({
  ...(status === 'done' ? legnextJob() : PENDING_LEGNEXT_JOB),
  job_id: id,
  config: { service_mode: 'public', webhook_config: { endpoint: sent['callback'] ?? '', secret: '' } },
});

/** LegNext in one of its two envelopes. */
function legnextWith(worded: (code: number, message: string) => Said): TobDialect {
  return {
    kind: 'legnext',
    secret: KEY,
    // Its moderation lets jobs fail.
    lacks: [...VENDOR_LACKS.legnext, 'banned'],
    id: (number) => `0b6f3f0e-4f0c-4a2e-9a39-${number.toString(16).padStart(12, '0')}`,
    isAdmitted: (headers) => headers['x-api-key'] === KEY,
    accepted: (job) => [200, legnextOf(job)],
    read: (path, jobs) => {
      if (path === '/account/active_tasks') {
        const running = [...jobs.values()].filter(({ status }) => status === 'running');
        const tasks = running.map(({ id }) => ({ job_id: id, task_type: 'diffusion', created_at: now() }));
        return [200, { account_id: 1, total_active: tasks.length, concurrent_limit: 6, tasks }];
      }
      if (path === '/account/balance') return [200, { code: 200, data: { available_points: 33_000 }, message: '' }];
      const job = jobs.get(jobIn(path) ?? '');
      return job === undefined ? worded(404, 'job not found') : [200, legnextOf(job)];
    },
    locked: worded(401, 'invalid api key'),
    situations: {
      full: worded(429, 'too many concurrent tasks'),
      refused: worded(400, 'invalid parameter: --q'),
      crash: worded(500, 'internal error'),
      unreadable: BROKEN_OFF,
    },
  };
}

export const TOB_DIALECTS = {
  youchuan,
  legnext: legnextWith((code, message) => [code, { code, message, raw_message: `mj: ${message}`, detail: null }]),
  'legnext with an error object': legnextWith((code, message) => [code, { error: { code, message } }]),
};
