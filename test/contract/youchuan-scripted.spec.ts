import { RUNNING_YOUCHUAN_JOB, youchuanJob } from '../../libs/upstream/test/tob-bodies.js';
import { describeBodies } from './scripted-bodies.js';
import { scriptedTobBench } from './scripted-tob-bench.js';
import { TOB_DIALECTS } from './tob-dialects.js';
import { describeUpstreamAdapter } from './upstream-adapter.contract.js';

const { youchuan } = TOB_DIALECTS;
const ID = '66f0c0ffee00c0ffee00c0ff';
const CDN = 'https://cdn.example/66f0';
const FOUR = [0, 1, 2, 3].map((at) => `${CDN}/${at}.png`);
const error = (code: number, reason: string, message = '请求失败'): [number, object] => [
  code,
  { code, message, reason },
];
const refused = { kind: 'refused', code: 4, words: expect.any(String) as string } as const;
const account = (fault: 'unauthorized' | 'payment_required' | 'forbidden') =>
  ({ kind: 'nothing_done', fault, scope: 'upstream' }) as const;

describeUpstreamAdapter(
  'TobAdapter with a scripted server of Youchuan',
  () => scriptedTobBench(youchuan),
  youchuan.lacks,
);

describeBodies('youchuan', youchuan.secret, {
  id: ID,
  submits: [
    ['a job', [200, RUNNING_YOUCHUAN_JOB], { kind: 'accepted', upstreamTaskIds: [ID] }],
    ['an envelope', [200, { code: 200, data: RUNNING_YOUCHUAN_JOB }], { kind: 'accepted', upstreamTaskIds: [ID] }],
    ['an id as a number', [200, { id: 17, status: 1 }], { kind: 'accepted', upstreamTaskIds: ['17'] }],
    [
      'a byte order mark and no type of JSON',
      [200, `\uFEFF${JSON.stringify(RUNNING_YOUCHUAN_JOB)}`, 'text/html'],
      { kind: 'accepted', upstreamTaskIds: [ID] },
    ],
    ['an answer with 201', [201, RUNNING_YOUCHUAN_JOB], { kind: 'accepted', upstreamTaskIds: [ID] }],
    ['a job without an id', [200, { ...RUNNING_YOUCHUAN_JOB, id: null }], { kind: 'unknown', fault: 'unexpected' }],
    [
      'moderation',
      error(403, 'Msg_Sensitive', '包含敏感内容'),
      { kind: 'banned', promptEn: '', bannedWord: 'Msg_Sensitive' },
    ],
    [
      'moderation in a 200',
      [200, { code: 403, message: '包含敏感内容', reason: 'Msg_Sensitive' }],
      { kind: 'banned', promptEn: '', bannedWord: 'Msg_Sensitive' },
    ],
    ['no place', error(429, 'Max_Concurrent_Limited'), { kind: 'full' }],
    ['a busy server', error(503, 'Server_Busy'), { kind: 'full' }],
    ['a wrong argument', error(400, 'Invalid_Argument'), refused],
    ['an upscale of an upscale', error(400, 'Job_ReUpscale_Not_Support'), refused],
    ['a cancellation of nothing, misspelt', error(400, 'Cancel_Job_Not_Runnig'), refused],
    ['what a model cannot do', error(405, 'Not_Support'), refused],
    ['a forbidden upscale', error(403, 'Upscale_Not_Support'), refused],
    ['a wrong app', error(401, 'Invalid_App_Identifier'), account('unauthorized')],
    ['no money', error(402, 'Account_Fee_Not_Enough'), account('payment_required')],
    ['no plan, misspelt', error(403, 'No_Avaliable_Plan'), account('forbidden')],
    ['no permission', error(403, 'Permission_Denied'), account('forbidden')],
    ['a timeout, misspelt', error(503, 'Request_Timout'), { kind: 'unknown', fault: 'timeout' }],
    ['a fault of its own', error(500, 'Internal_Server_Error'), { kind: 'unknown', fault: 'status_5xx' }],
  ],
  reads: [
    ['a finished job', [200, youchuanJob()], { status: 'SUCCESS', imageUrl: null, imageUrls: FOUR, seed: '1234567' }],
    ['numbers as texts', [200, youchuanJob({ status: '2', seed: '1234567' })], { status: 'SUCCESS', seed: '1234567' }],
    ['an envelope', [200, { code: 200, data: youchuanJob() }], { status: 'SUCCESS', imageUrls: FOUR }],
    ['done before its links', [200, youchuanJob({ urls: null, audits: null })], { status: 'IN_PROGRESS' }],
    ['done with empty links', [200, youchuanJob({ urls: ['', '', '', ''] })], { status: 'IN_PROGRESS' }],
    [
      'a picture that was moderated away',
      [200, youchuanJob({ urls: [FOUR[0], '', FOUR[2], FOUR[3]], audits: ['', '色情', '', ''] })],
      { status: 'SUCCESS', imageUrls: [FOUR[0], null, FOUR[2], FOUR[3]] as string[] },
    ],
    [
      'more pictures than four',
      [200, youchuanJob({ urls: Array.from({ length: 24 }, (_, at) => `${CDN}/${at}.png`) })],
      { status: 'SUCCESS', imageUrls: Array.from({ length: 24 }, (_, at) => `${CDN}/${at}.png`) },
    ],
    [
      'links with blanks, and without a host',
      [200, youchuanJob({ urls: [`  ${FOUR[0]} `, `${CDN}/a fox.png`, '//cdn.example/2.png', FOUR[3]] })],
      { imageUrls: [FOUR[0], `${CDN}/a%20fox.png`, 'http://cdn.example/2.png', FOUR[3]] as string[] },
    ],
    [
      'films',
      [200, youchuanJob({ urls: [`${CDN}/0.mp4`, `${CDN}/1.mp4`] })],
      { videoUrls: [`${CDN}/0.mp4`, `${CDN}/1.mp4`] },
    ],
    ['a number that nobody explains', [200, { ...RUNNING_YOUCHUAN_JOB, status: 4 }], { status: null }],
    ['a status in words', [200, { ...RUNNING_YOUCHUAN_JOB, status: 'running' }], { status: null }],
    ['a failure', [200, youchuanJob({ status: 3, urls: null, comment: 'Fail' })], { status: 'FAILURE' }],
    ['no such job', error(404, 'Not_Found'), null],
    ['a job of another app', error(403, 'Permission_Denied'), 'forbidden'],
    ['a wrong app', error(401, 'Invalid_App_Identifier'), 'unauthorized'],
    ['a page', [404, '<!doctype html><html><title>nginx</title></html>', 'text/html'], 'status_4xx'],
    ['a page in place of a job', [200, '<!doctype html><html><title>nginx</title></html>'], 'unreadable'],
    ['an empty answer', [200, null], 'unreadable'],
    ['no job', [200, {}], 'unexpected'],
  ],
});
