import type { Outcome } from '#libs/upstream';
import { APIMART_DIALECTS, errorOf, KEY, mjTask, scriptedApimartBench, unifiedTask } from './scripted-apimart.js';
import { describeBodies } from './scripted-bodies.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';
import { VENDOR_LACKS } from './vendor-lacks.js';

const ID = 'task_01K8ABCDEFGHJKMNPQRSTVWXYZ';
const CDN = 'https://cdn.example';
const FOUR = [0, 1, 2, 3].map((at) => `${CDN}/${at}.png`);
const accepted: Outcome = { kind: 'accepted', upstreamTaskIds: [ID] };
const data = [{ status: 'submitted', task_id: ID }];
const refused = (code: 4 | 9): Outcome => ({ kind: 'refused', code, words: expect.stringMatching(/./) as string });

describe.each(Object.keys(APIMART_DIALECTS) as (keyof typeof APIMART_DIALECTS)[])(
  'a scripted server of APIMart with %s',
  (name) => {
    describeUpstreamAdapter('ApimartAdapter with it', () => scriptedApimartBench(APIMART_DIALECTS[name]), [
      ...VENDOR_LACKS.apimart,
      'exists',
    ]);
  },
);

describeBodies('apimart', KEY, {
  id: ID,
  submits: [
    ['a task', [200, { code: 200, data }], accepted],
    ['one task without a list', [200, { code: 200, data: data[0] }], accepted],
    ['a task without an envelope', [200, data[0]], accepted],
    ['a code as a text', [200, { code: '200', data }], accepted],
    ['the form of midjourney-proxy', [200, { code: 1, description: 'ok', result: ID }], accepted],
    ['another type of content', [200, JSON.stringify({ code: 200, data }), 'text/html'], accepted],
    ['a byte order mark', [200, `\uFEFF${JSON.stringify({ code: 200, data })}`], accepted],
    ['a list without tasks', [200, { code: 200, data: [] }], { kind: 'unknown', fault: 'unexpected' }],
    ['null for a list', [200, { code: 200, data: null }], { kind: 'unknown', fault: 'unexpected' }],
    ['that it exists', [200, { code: 21, result: ID }], { kind: 'exists', upstreamTaskId: ID }],
    ['a code 4', [200, { code: 4, description: 'bad index' }], refused(4)],
    ['a code 9', [200, { code: 9, description: 'failed' }], refused(9)],
    ['a code 3', [200, { code: 3, description: 'no account' }], { kind: 'nothing_done', fault: 'no_account' }],
    [
      'an error in a 200',
      [200, { error: { code: 400, type: 'invalid_request_error', message: 'bad size' } }],
      refused(4),
    ],
    [
      'moderation',
      errorOf(422, 'invalid_request_error', 'Banned prompt detected'),
      { kind: 'banned', promptEn: '', bannedWord: 'moderation' },
    ],
    [
      'a wrong key',
      errorOf(401, 'authentication_error', 'Invalid API key'),
      { kind: 'nothing_done', fault: 'unauthorized', scope: 'upstream' },
    ],
    [
      'no money',
      errorOf(402, 'payment_required', 'Insufficient balance'),
      { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' },
    ],
    [
      'no permission',
      errorOf(403, 'permission_error', 'This key may not do that'),
      { kind: 'nothing_done', fault: 'forbidden', scope: 'upstream' },
    ],
    ['its cap of a minute', errorOf(429, 'rate_limit_error', 'Too many requests'), { kind: 'full' }],
    ['no upstream', errorOf(503, 'service_unavailable', 'busy'), { kind: 'nothing_done', fault: 'no_account' }],
    [
      'a 503 of a server on the way',
      [503, 'upstream connect error', 'text/plain'],
      { kind: 'unknown', fault: 'status_5xx' },
    ],
    ['a bad gateway', errorOf(502, 'bad_gateway', 'bad gateway'), { kind: 'unknown', fault: 'status_5xx' }],
  ],
  reads: [
    [
      'a finished task',
      [200, mjTask()],
      { status: 'SUCCESS', progress: 100, imageUrl: `${CDN}/grid.png`, imageUrls: FOUR, submitTime: 1_790_841_600_000 },
    ],
    ['an envelope', [200, { code: 200, data: mjTask() }], { status: 'SUCCESS', imageUrls: FOUR }],
    ['a list of one', [200, { code: 200, data: [mjTask()] }], { status: 'SUCCESS', imageUrls: FOUR }],
    ['the form of all models', [200, { code: 200, data: unifiedTask() }], { status: 'SUCCESS', imageUrls: FOUR }],
    ['progress as a number', [200, mjTask({ status: 'IN_PROGRESS', progress: 46 })], { progress: 46 }],
    ['progress as words', [200, mjTask({ status: 'IN_PROGRESS', progress: 'waiting' })], { progress: null }],
    ['a status in small letters', [200, mjTask({ status: 'success' })], { status: 'SUCCESS' }],
    ['a status that nobody explains', [200, mjTask({ status: 'PAUSED' })], { status: null }],
    [
      'null for every list',
      [200, mjTask({ image_urls: null, video_urls: null, buttons: null, grid_image_url: null })],
      { imageUrl: null, imageUrls: [], videoUrls: [] },
    ],
    [
      'links with blanks, and without a host',
      [200, mjTask({ image_urls: [` ${FOUR[0]} `, `${CDN}/a fox.png`, '//cdn.example/2.png', FOUR[3]] })],
      { imageUrls: [FOUR[0], `${CDN}/a%20fox.png`, 'http://cdn.example/2.png', FOUR[3]] as string[] },
    ],
    [
      'a film as one link',
      [200, mjTask({ image_urls: [], video_url: `${CDN}/0.mp4` })],
      { videoUrls: [`${CDN}/0.mp4`] },
    ],
    ['a time in ms', [200, mjTask({ created: 1_790_841_600_000 })], { submitTime: 1_790_841_600_000 }],
    ['a time as a text', [200, mjTask({ created: '1790841600' })], { submitTime: 1_790_841_600_000 }],
    [
      'a failure',
      [200, mjTask({ status: 'FAILURE', fail_reason: 'Task timeout', image_urls: [], grid_image_url: '' })],
      { status: 'FAILURE', failReason: 'Task timeout' },
    ],
    ['no such task', errorOf(404, 'not_found_error', 'task not found'), null],
    ['a task of another key', errorOf(403, 'permission_error', 'not your task'), null],
    ['a wrong key', errorOf(401, 'authentication_error', 'Invalid API key'), 'unauthorized'],
    ['its cap of a minute', errorOf(429, 'rate_limit_error', 'Too many requests'), 'status_4xx'],
    ['a broken server', errorOf(500, 'api_error', 'internal error'), 'status_5xx'],
    ['a page in place of a task', [200, '<!doctype html><html><title>Hi</title></html>', 'text/html'], 'unreadable'],
    ['an empty answer', [200, null], 'unreadable'],
    ['no task', [200, { code: 200, data: [] }], 'unexpected'],
  ],
});
