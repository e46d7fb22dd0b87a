import { NEW_API_RUNNING, NOVICEZK_SUCCESS, TRUEAI_SUCCESS } from '../../libs/upstream/test/task-bodies.js';
import type { Refusals, Said } from './breakable-server.js';
import type { Kind, Lack } from './contract-bench.js';

/** A task of a scripted server, before it is shown. */
export interface ScriptedTask {
  id: string;
  state: string | null;
  status: 'IN_PROGRESS' | 'SUCCESS' | 'MODAL' | 'FAILURE';
}

/** How one kind of server words what all of them do. */
export interface Dialect extends Refusals {
  lacks: readonly Lack[];
  accepted(id: string, ahead: number): Said;
  uploaded(urls: string[]): Said;
  windowOpened(id: string): Said;
  task(task: ScriptedTask): object;
  /** What fetch says of a task that it does not know. */
  unknownTask: Said;
  noRoute: Said;
  seed(seed: string): Said;
  noSeed: Said;
  cancelled: Said;
}

const ACCOUNT = '1118138338562560102';
const PAGE = '<!doctype html><html><head><title>502 Bad Gateway</title></head></html>';
const envelope = (code: number, description: string, result: unknown, properties: object = {}): object => ({
  code,
  description,
  result,
  properties,
});
const spring = (status: number, error: string): Said => [
  status,
  { timestamp: '2026-01-01T00:00:00.000+00:00', status, error, path: '/mj/x' },
];
const EMPTY: Said = [200, null];
/** What a task that has not ended yet is without. */
const UNFINISHED = { finishTime: null, imageUrl: null, failReason: null };
const LATER_KINDS: Kind[] = ['shorten', 'action', 'modal', 'edits', 'retexture', 'video', 'upload', 'swap'];

/** novicezk's: the first one; no buttons, no windows, an empty 200 for a task that it does not know. */
const novicezk: Dialect = {
  lacks: [...LATER_KINDS, 'window', 'seed', 'cancel'],
  accepted: (id, ahead) =>
    ahead === 0
      ? [200, envelope(1, '提交成功', id, { discordInstanceId: ACCOUNT })]
      : [
          200,
          envelope(22, `排队中，前面还有${ahead}个任务`, id, { numberOfQueues: ahead, discordInstanceId: ACCOUNT }),
        ],
  uploaded: () => spring(404, 'Not Found'),
  windowOpened: () => spring(404, 'Not Found'),
  task: (task) => ({
    ...NOVICEZK_SUCCESS,
    ...(task.status === 'SUCCESS' ? {} : { ...UNFINISHED, progress: '46%' }),
    ...task,
  }),
  unknownTask: EMPTY,
  locked: [401, null],
  noRoute: spring(404, 'Not Found'),
  seed: () => spring(404, 'Not Found'),
  noSeed: spring(404, 'Not Found'),
  cancelled: spring(404, 'Not Found'),
  situations: {
    full: [200, envelope(23, '队列已满，请稍后尝试', null, { discordInstanceId: ACCOUNT })],
    banned: [200, envelope(24, '可能包含敏感词', null, { promptEn: 'a bloody fox', bannedWord: 'bloody' })],
    refused: [200, envelope(4, 'base64格式错误', null)],
    no_account: [200, envelope(3, '无可用的账号实例', null)],
    crash: spring(500, 'Internal Server Error'),
    unreadable: EMPTY,
  },
};

const otherEnvelope = (message: string): object => ({
  success: false,
  code: -1,
  message,
  timestamp: '638712345678901234',
});

/** trueai's: every key present, a second envelope, "full" as a failure, and a cancellation that says nothing. */
const trueai: Dialect = {
  lacks: ['change', 'banned', 'exists'],
  accepted: (id, ahead) => {
    const where = { discordInstanceId: ACCOUNT, discordChannelId: ACCOUNT };
    return ahead === 0
      ? [200, envelope(1, '提交成功', id, where)]
      : [200, envelope(22, `排队中，前面还有${ahead}个任务`, id, { numberOfQueues: ahead, ...where })];
  },
  uploaded: (urls) => [200, envelope(1, '提交成功', urls)],
  windowOpened: (id) => [200, envelope(21, 'Waiting for window confirm', id, { finalPrompt: '', remix: true })],
  task: (task) => ({
    ...TRUEAI_SUCCESS,
    ...(task.status === 'SUCCESS'
      ? {}
      : { ...UNFINISHED, progress: task.status === 'FAILURE' ? '' : null, imageUrls: null, buttons: [], seed: null }),
    ...(task.status === 'FAILURE' ? { failReason: '取消任务' } : {}),
    ...task,
  }),
  unknownTask: [204, null],
  locked: [401, 'Authorization header missing.'],
  noRoute: [404, null],
  seed: (seed) => [200, envelope(1, '成功', seed)],
  noSeed: [400, envelope(4, '关联任务状态错误', null)],
  cancelled: EMPTY,
  situations: {
    full: [200, envelope(9, '提交失败，队列已满，请稍后重试', null, { discordInstanceId: ACCOUNT })],
    refused: [200, otherEnvelope('The JSON value could not be converted to System.String.')],
    no_account: [200, envelope(3, '无可用的账号实例', null)],
    crash: [500, otherEnvelope('操作失败')],
    // Broken off in the middle: a whole page would mean that nothing was begun.
    unreadable: [200, '{"code":1,"result":"17'],
  },
};

const local = (status: number, description: string, code: number): Said => [
  status,
  { description: `${description} `, type: 'upstream_error', code },
];
const openai = (status: number, message: string): Said => [
  status,
  { error: { message, type: 'new_api_error', code: '' } },
];

/** new-api: a gateway in front of others; ids as numbers, "" and 0 for nothing, pages where it has no route. */
const newApi: Dialect = {
  lacks: ['retexture', 'recent', 'cancel', 'exists'],
  // A queued task it shows as an accepted one.
  accepted: (id) => [200, { code: 1, description: 'Submit success', result: Number(id) }],
  uploaded: (urls) => [200, { code: 1, description: 'Submit success', result: urls }],
  windowOpened: (id) => [
    200,
    envelope(21, 'Waiting for window confirm', id, { finalPrompt: 'a fox --ar 3:2', remix: true }),
  ],
  task: (task) => ({
    ...NEW_API_RUNNING,
    ...(task.status === 'SUCCESS'
      ? {
          progress: '100%',
          imageUrl: `https://gate.example.com/mj/image/${task.id}`,
          buttons: TRUEAI_SUCCESS.buttons,
          properties: null,
        }
      : {}),
    ...task,
  }),
  unknownTask: local(400, 'task_no_found', 4),
  locked: openai(401, 'Invalid token'),
  noRoute: openai(404, 'Invalid URL (POST /mj/x)'),
  seed: (seed) => [200, { code: 1, description: 'success', result: Number(seed) }],
  noSeed: local(400, 'task_status_not_success', 4),
  cancelled: openai(404, 'Invalid URL (POST /mj/x)'),
  situations: {
    full: local(429, '当前分组负载已饱和，请稍后再试，或升级账户以提升服务质量。', 30),
    banned: [
      200,
      { code: 24, description: '可能包含敏感词', properties: { promptEn: 'a bloody fox', bannedWord: 'bloody' } },
    ],
    refused: local(400, 'index_parse_failed', 4),
    no_account: [200, { code: 3, description: '无可用的账号实例', result: null }],
    crash: [502, PAGE],
    unreadable: local(400, 'unmarshal_response_body_failed', 5),
  },
};

export const DIALECTS = { novicezk, trueai, newApi };
