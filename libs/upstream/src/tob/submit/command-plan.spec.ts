import { command, imagineWork, videoWork, type VideoWork, type Terms } from '../../../test/commands.js';
import type { Work } from '../../port/command.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { LEGNEXT_PROFILE, YOUCHUAN_PROFILE, type TobProfile } from '../profile.js';
import { legnextJob, youchuanJob } from '../../../test/tob-bodies.js';
import { planOf } from './command-plan.js';

const UP: KindTerms = { defaultVersion: null, modelVersions: null };
const A = 'https://gw.example/mj/input/a.png';
const B = 'https://gw.example/mj/input/b.png';

type Sent = [path: string, body: Record<string, unknown>] | string;

function sent(profile: TobProfile, work: Work, terms: Partial<Terms> = {}, up = UP): Sent {
  const plan = planOf(profile, up, command(work, terms));
  if (plan.kind === 'call') return [plan.request.path, plan.request.body];
  if (plan.kind === 'refused') return plan.outcome.kind;
  const body = profile === YOUCHUAN_PROFILE ? youchuanJob() : legnextJob();
  const job = profile.readJob(body, 'https://up.example');
  const request = job === null ? null : plan.request(job);
  return request === null ? 'none' : [request.path, request.body];
}

describe('new work', () => {
  it.each<[string, Work, Sent, Sent]>([
    [
      'words',
      imagineWork('a fox'),
      ['/diffusion', { text: 'a fox --v 7' }],
      ['/diffusion', { text: 'a fox --v 8.2 --fast' }],
    ],
    [
      'pictures',
      imagineWork('https://x.example/c.png a fox --ar 3:2', [A, B]),
      ['/diffusion', { text: `${A} ${B} https://x.example/c.png a fox --ar 3:2 --v 7` }],
      ['/diffusion', { text: `${A} ${B} https://x.example/c.png a fox --ar 3:2 --v 8.2 --fast` }],
    ],
    [
      'a version that is named',
      imagineWork('a fox --v 6.1 --relax'),
      ['/diffusion', { text: 'a fox --v 6.1' }],
      ['/diffusion', { text: 'a fox --v 6.1 --fast' }],
    ],
    [
      'a version that is gone',
      imagineWork('a fox --v 8 --ar 1:2'),
      ['/diffusion', { text: 'a fox --v 8 --ar 1:2' }],
      ['/diffusion', { text: 'a fox --ar 1:2 --v 8.2 --fast' }],
    ],
    [
      'a film',
      imagineWork('a fox --video 1 --motion low --ar 1:1', [A]),
      ['/video-diffusion', { prompt: `${A} a fox --motion low`, videoType: 0 }],
      ['/video-diffusion', { prompt: `${A} a fox --motion low`, videoType: 0 }],
    ],
    [
      'a blend',
      { kind: 'blend', images: [A, B], dimensions: 'PORTRAIT' },
      ['/diffusion', { text: `${A} ${B} --ar 2:3 --v 7` }],
      ['/blend', { imgUrls: [A, B], aspect_ratio: '2:3' }],
    ],
    [
      'a square blend',
      { kind: 'blend', images: [A, B], dimensions: 'SQUARE' },
      ['/diffusion', { text: `${A} ${B} --v 7` }],
      ['/blend', { imgUrls: [A, B], aspect_ratio: '1:1' }],
    ],
    [
      'a description',
      { kind: 'describe', image: null, link: A, language: null },
      'refused',
      ['/describe', { imgUrl: A }],
    ],
    ['a shortening', { kind: 'shorten', prompt: 'a long fox' }, 'refused', ['/shorten', { prompt: 'a long fox' }]],
    [
      'an edit',
      { kind: 'edits', prompt: 'a hat', images: [A], sizes: [{ width: 640, height: 480 }] },
      [
        '/upload-paint',
        {
          imgUrl: A,
          canvas: { width: 640, height: 480 },
          imgPos: { width: 640, height: 480, x: 0, y: 0 },
          remixPrompt: 'a hat --v 7',
        },
      ],
      [
        '/upload-paint',
        {
          imgUrl: A,
          canvas: { width: 640, height: 480 },
          imgPos: { width: 640, height: 480, x: 0, y: 0 },
          remixPrompt: 'a hat --v 8.2 --fast',
        },
      ],
    ],
    [
      'another texture',
      { kind: 'retexture', prompt: 'wool', images: [A] },
      ['/retexture', { imgUrl: A, remixPrompt: 'wool --v 7' }],
      ['/retexture', { imgUrl: A, remixPrompt: 'wool --v 8.2 --fast' }],
    ],
    ['a swap of faces', { kind: 'swap', source: A, target: B }, 'refused', 'refused'],
  ])('%s', (_, work, youchuan, legnext) => {
    expect(sent(YOUCHUAN_PROFILE, work)).toEqual(youchuan);
    expect(sent(LEGNEXT_PROFILE, work)).toEqual(legnext);
  });

  it('names the speed that is billed, and Niji where it was chosen', () => {
    const turbo = { mode: 'TURBO' } as const;
    expect(sent(YOUCHUAN_PROFILE, imagineWork('a fox'), turbo)).toEqual([
      '/diffusion',
      { text: 'a fox --v 7 --turbo' },
    ]);
    const relaxed = { mode: 'RELAX', botType: 'NIJI_JOURNEY' } as const;
    expect(sent(LEGNEXT_PROFILE, imagineWork('a fox'), relaxed)).toEqual([
      '/diffusion',
      { text: 'a fox --niji 7 --relax' },
    ]);
  });

  it("names the operator's version", () => {
    const up = { defaultVersion: '8.1', modelVersions: null };
    expect(sent(YOUCHUAN_PROFILE, imagineWork('a fox'), {}, up)).toEqual(['/diffusion', { text: 'a fox --v 8.1' }]);
  });
});

describe('films', () => {
  it.each<[string, Partial<VideoWork>, Sent]>([
    ['a picture', {}, ['/video-diffusion', { prompt: `${A} it runs`, videoType: 0 }]],
    [
      'all settings',
      { endImage: B, loop: true, motion: 'high', videoType: 'vid_1.1_i2v_start_end_720', batchSize: 2 },
      ['/video-diffusion', { prompt: `${A} it runs --motion high --loop --end ${B} --bs 2`, videoType: 1 }],
    ],
    [
      'settings that the prompt has',
      { prompt: 'it runs --bs 1 --raw', batchSize: 4, motion: 'low' },
      ['/video-diffusion', { prompt: `${A} it runs --bs 1 --raw --motion low`, videoType: 0 }],
    ],
    [
      'one that goes on',
      { image: null, extend: { upstreamTaskId: 'job', index: 3 }, motion: 'high' },
      ['/extend-video', { jobId: 'job', videoNo: 3, prompt: 'it runs --motion high' }],
    ],
    [
      'a picked clip that goes on',
      { image: null, extend: { upstreamTaskId: 'job~v2~17', index: 0 } },
      ['/extend-video', { jobId: 'job', videoNo: 1, prompt: 'it runs' }],
    ],
  ])('of %s', (_, settings, expected) => {
    expect(sent(YOUCHUAN_PROFILE, videoWork({ prompt: 'it runs', image: A, ...settings }))).toEqual(expected);
  });
});

describe('changes', () => {
  it.each<[Work, Sent]>([
    [
      { kind: 'change', upstreamTaskId: 'job', action: 'VARIATION', index: 3 },
      ['/variation', { jobId: 'job', imageNo: 2, type: 1 }],
    ],
    [{ kind: 'change', upstreamTaskId: 'job', action: 'REROLL', index: null }, ['/reroll', { jobId: 'job' }]],
  ])('%j', (work, expected) => {
    expect(sent(YOUCHUAN_PROFILE, work)).toEqual(expected);
  });
});
