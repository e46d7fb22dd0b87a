import type { Outcome } from '#libs/upstream';
import { legnextJob, PENDING_LEGNEXT_JOB } from '../../libs/upstream/test/tob-bodies.js';
import { describeBodies } from './scripted-bodies.js';
import { scriptedTobBench } from './scripted-tob-bench.js';
import { TOB_DIALECTS } from './tob-dialects.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';

const ID = '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b';
const CDN = 'https://cdn.example/0b6f';
const FOUR = [0, 1, 2, 3].map((at) => `${CDN}/${at}.png`);
const accepted: Outcome = { kind: 'accepted', upstreamTaskIds: [ID] };
const refused = { kind: 'refused', code: 4, words: expect.stringMatching(/./) as string } as const;
const error = (code: number, message: string): [number, object] => [code, { error: { code, message } }];

describe.each(['legnext', 'legnext with an error object'] as const)('a scripted server of %s', (name) => {
  const dialect = TOB_DIALECTS[name];
  describeUpstreamAdapter('TobAdapter with it', () => scriptedTobBench(dialect), dialect.lacks);
});

describeBodies('legnext', TOB_DIALECTS.legnext.secret, {
  id: ID,
  submits: [
    ['a task', [200, PENDING_LEGNEXT_JOB], accepted],
    ['an envelope', [200, { code: 200, data: PENDING_LEGNEXT_JOB, message: 'success' }], accepted],
    ['another type of content', [200, JSON.stringify(PENDING_LEGNEXT_JOB), 'text/plain'], accepted],
    ['a task that has failed already', [200, legnextJob({ status: 'failed', error: { code: 10000 } })], accepted],
    ['no id', [200, { ...PENDING_LEGNEXT_JOB, job_id: '' }], { kind: 'unknown', fault: 'unexpected' }],
    ['a wrong parameter', error(400, 'invalid parameter: --q'), refused],
    ['a wrong parameter, in the other envelope', [400, { code: 400, message: 'invalid parameter: --q' }], refused],
    ['a wrong key', error(401, 'invalid api key'), { kind: 'nothing_done', fault: 'unauthorized', scope: 'upstream' }],
    [
      'no money, in a 200',
      [200, { code: 402, message: 'insufficient balance', raw_message: '', detail: null }],
      { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' },
    ],
    ['no place', error(429, 'too many concurrent tasks'), { kind: 'full' }],
    ['no place, without words', [429, null], { kind: 'full' }],
    ['a fault of its own', error(500, 'internal error'), { kind: 'unknown', fault: 'status_5xx' }],
    ['a 503', [503, { code: 503, message: 'unavailable' }], { kind: 'unknown', fault: 'status_5xx' }],
  ],
  reads: [
    [
      'a finished task',
      [200, legnextJob()],
      { status: 'SUCCESS', imageUrl: `${CDN}/grid.png`, imageUrls: FOUR, seed: '1904' },
    ],
    ['an envelope', [200, { code: 200, data: legnextJob() }], { status: 'SUCCESS', imageUrls: FOUR }],
    ['a status in capitals', [200, legnextJob({ status: 'COMPLETED' })], { status: 'SUCCESS' }],
    ['null for every list', [200, legnextJob({ status: 'processing', output: null })], { status: 'IN_PROGRESS' }],
    ['staged', [200, legnextJob({ status: 'staged', output: null })], { status: 'SUBMITTED' }],
    ['a status that nobody explains', [200, legnextJob({ status: 'retrying', output: null })], { status: null }],
    ['a seed as a number', [200, legnextJob({}, { seed: 1904 })], { seed: '1904' }],
    [
      'a picture that was moderated away',
      [200, legnextJob({}, { image_urls: [FOUR[0], null, FOUR[2], ''] })],
      { status: 'SUCCESS', imageUrls: [FOUR[0], null, FOUR[2], null] as string[] },
    ],
    [
      'relative links, and links with blanks',
      [200, legnextJob({}, { image_urls: [` ${FOUR[0]}`, `${CDN}/a fox.png`] })],
      { imageUrls: [FOUR[0], `${CDN}/a%20fox.png`] as string[] },
    ],
    [
      'films under their own name',
      [200, legnextJob({}, { video_urls: [`${CDN}/0.mp4`] })],
      { videoUrls: [`${CDN}/0.mp4`] },
    ],
    ['films among pictures', [200, legnextJob({}, { image_urls: [`${CDN}/0.mp4`] })], { videoUrls: [`${CDN}/0.mp4`] }],
    ['no times', [200, legnextJob({ meta: { created_at: '0001-01-01T00:00:00Z' } })], { submitTime: null }],
    [
      'a time in seconds',
      [200, legnextJob({ meta: { created_at: 1_790_841_600 } })],
      { submitTime: 1_790_841_600_000 },
    ],
    [
      'a failure',
      [200, legnextJob({ status: 'failed', output: null, error: { code: 10000, message: 'Banned prompt detected' } })],
      { status: 'FAILURE', failReason: 'Banned prompt detected' },
    ],
    ['no such task', error(404, 'job not found'), null],
    ['a wrong key', error(401, 'invalid api key'), 'unauthorized'],
    ['a broken server', error(500, 'internal error'), 'status_5xx'],
    ['an empty answer', [200, null], 'unreadable'],
    ['no task', [200, { code: 200, data: null }], 'unexpected'],
  ],
});
