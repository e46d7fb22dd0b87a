import { actionWork, command, type ActionWork } from '../../../test/commands.js';
import type { SubmitCommand } from '../../port/command.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { LEGNEXT_PROFILE, YOUCHUAN_PROFILE } from '../profile.js';
import { youchuanJob } from '../../../test/tob-bodies.js';
import { planOf } from './command-plan.js';

const UP: KindTerms = { defaultVersion: null, modelVersions: null };
const MASK = 'https://gw.example/mj/input/m.png';

function pressing(customId: string, more: Partial<ActionWork> = {}): SubmitCommand {
  const parent = { prompt: 'a fox --ar 3:2 --v 7', seed: null };
  return command(actionWork({ upstreamTaskId: 'job~3~17', customId, parent, ...more }));
}

type Sent = [path: string, body: Record<string, unknown>] | string;

function sent(asked: SubmitCommand, profile = YOUCHUAN_PROFILE): Sent {
  const plan = planOf(profile, UP, asked);
  if (plan.kind === 'call') return [plan.request.path, plan.request.body];
  if (plan.kind === 'refused') return plan.outcome.kind;
  const job = profile.readJob(youchuanJob(), 'https://up.example');
  const request = job === null ? null : plan.request(job);
  return request === null ? 'none' : [request.path, request.body];
}

const PICTURE = { jobId: 'job', imageNo: 2 };

describe('a button of the picture that an id spells', () => {
  it.each<[string, Partial<ActionWork>, Sent]>([
    ['MJ::JOB::upsample_v7_2x_subtle::1::job::SOLO', {}, ['/upscale', { ...PICTURE, type: 0 }]],
    ['MJ::JOB::upsample_v7_2x_creative::1::job::SOLO', {}, ['/upscale', { ...PICTURE, type: 1 }]],
    ['MJ::JOB::upsample_v5_2x::1::job::SOLO', {}, ['/upscale', { ...PICTURE, type: 2 }]],
    ['MJ::JOB::upsample_v5_4x::1::job::SOLO', {}, ['/upscale', { ...PICTURE, type: 3 }]],
    ['MJ::JOB::low_variation::1::job::SOLO', {}, ['/variation', { ...PICTURE, type: 0 }]],
    ['MJ::JOB::high_variation::1::job::SOLO', {}, ['/variation', { ...PICTURE, type: 1 }]],
    [
      'MJ::JOB::high_variation::1::job::SOLO',
      { confirmedPrompt: 'a cat' },
      ['/variation', { ...PICTURE, type: 1, remixPrompt: 'a cat --v 7' }],
    ],
    ['MJ::Outpaint::50::1::job::SOLO', {}, ['/outpaint', { ...PICTURE, scale: 2 }]],
    ['MJ::Outpaint::75::1::job::SOLO', {}, ['/outpaint', { ...PICTURE, scale: 1.5 }]],
    ['MJ::Outpaint::100::1::job::SOLO', {}, 'refused'],
    [
      'MJ::CustomZoom::1::job',
      { confirmedPrompt: 'a cat --ar 3:2 --zoom 1.8' },
      ['/outpaint', { ...PICTURE, scale: 1.8, remixPrompt: 'a cat --ar 3:2 --v 7' }],
    ],
    [
      'MJ::CustomZoom::job',
      { confirmedPrompt: 'a cat' },
      ['/outpaint', { ...PICTURE, scale: 2, remixPrompt: 'a cat --v 7' }],
    ],
    ['MJ::CustomZoom::job', { confirmedPrompt: 'a cat --zoom 3' }, 'refused'],
    ['MJ::JOB::pan_left::1::job::SOLO', {}, ['/pan', { ...PICTURE, direction: 3, scale: 1.5 }]],
    ['MJ::JOB::pan_right::1::job::SOLO', {}, ['/pan', { ...PICTURE, direction: 1, scale: 1.5 }]],
    ['MJ::JOB::pan_up::1::job::SOLO', {}, ['/pan', { ...PICTURE, direction: 2, scale: 1.5 }]],
    ['MJ::JOB::pan_down::1::job::SOLO', {}, ['/pan', { ...PICTURE, direction: 0, scale: 1.5 }]],
    [
      'MJ::Inpaint::1::job::SOLO',
      { confirmedPrompt: 'a hat', mask: MASK },
      ['/inpaint', { ...PICTURE, mask: { url: MASK }, remixPrompt: 'a hat --v 7' }],
    ],
    [
      'MJ::Inpaint::1::job::SOLO',
      { confirmedPrompt: '', mask: MASK },
      ['/inpaint', { ...PICTURE, mask: { url: MASK } }],
    ],
    ['MJ::Inpaint::1::job::SOLO', { confirmedPrompt: 'a hat' }, 'refused'],
    [
      'MJ::JOB::remix_strong::1::job::SOLO',
      { confirmedPrompt: 'a cat' },
      ['/remix', { ...PICTURE, remixPrompt: 'a cat --v 7', mode: 0 }],
    ],
    [
      'MJ::JOB::remix_subtle::1::job::SOLO',
      { confirmedPrompt: '' },
      ['/remix', { ...PICTURE, remixPrompt: 'a fox --ar 3:2 --v 7', mode: 1 }],
    ],
    ['MJ::JOB::enhance::1::job::SOLO', {}, ['/enhance', PICTURE]],
    [
      'MJ::JOB::remove_background::1::job::SOLO',
      {},
      ['/remove-background', { imgUrl: 'https://cdn.example/66f0/2.png' }],
    ],
    [
      'MJ::JOB::animate_high::1::job::SOLO',
      {},
      ['/video-diffusion', { ...PICTURE, prompt: '--motion high', videoType: 0 }],
    ],
    [
      'MJ::JOB::animate_low::1::job::SOLO',
      { confirmedPrompt: 'it runs --ar 3:2 --motion high' },
      ['/video-diffusion', { ...PICTURE, prompt: 'it runs --motion high', videoType: 0 }],
    ],
    [
      'MJ::JOB::video::low::job::vid_1.1_i2v_720::manual',
      { confirmedPrompt: 'it sleeps' },
      ['/video-diffusion', { ...PICTURE, prompt: 'it sleeps --motion low', videoType: 1 }],
    ],
    ['MJ::BOOKMARK::job', {}, 'refused'],
    ['MJ::JOB::something::1::job', {}, 'refused'],
    ['MJ::Picread::Retry', {}, 'refused'],
    ['MJ::Job::PicReader::all', {}, 'refused'],
  ])('%s %j', (customId, more, expected) => {
    expect(sent(pressing(customId, more))).toEqual(expected);
  });
});

describe('a button of a whole job', () => {
  it.each<[string, Partial<ActionWork>, Sent]>([
    ['MJ::JOB::variation::2::job', {}, ['/variation', { jobId: 'job', imageNo: 1, type: 1 }]],
    ['MJ::JOB::variation::2::job', { strong: true }, ['/variation', { jobId: 'job', imageNo: 1, type: 1 }]],
    ['MJ::JOB::variation::2::job', { strong: false }, ['/variation', { jobId: 'job', imageNo: 1, type: 0 }]],
    ['MJ::JOB::reroll::0::job::SOLO', {}, ['/reroll', { jobId: 'job' }]],
    ['MJ::JOB::reroll::0::job::SOLO', { confirmedPrompt: 'a fox --ar 3:2 --v 7' }, ['/reroll', { jobId: 'job' }]],
    [
      'MJ::JOB::reroll::0::job::SOLO',
      { confirmedPrompt: 'a cat --ar 3:2' },
      ['/diffusion', { text: 'a cat --ar 3:2 --v 7' }],
    ],
    ['MJ::JOB::pan_left::1::job::SOLO', {}, ['/pan', { jobId: 'job', imageNo: 0, direction: 3, scale: 1.5 }]],
    [
      'MJ::Job::PicReader::2',
      { confirmedPrompt: 'a described fox' },
      ['/diffusion', { text: 'a described fox --v 7' }],
    ],
    [
      'MJ::Job::PromptAnalyzer::2',
      { parent: { prompt: 'a shorter fox', seed: null } },
      ['/diffusion', { text: 'a shorter fox --v 7' }],
    ],
  ])('%s %j', (customId, more, expected) => {
    expect(sent(pressing(customId, { upstreamTaskId: 'job', ...more }))).toEqual(expected);
  });
});

describe('a button of a clip', () => {
  it.each<[string, string, Sent]>([
    [
      'MJ::JOB::animate_high_extend::1::job',
      'job~v2~17',
      ['/extend-video', { jobId: 'job', videoNo: 1, prompt: 'a fox --motion high' }],
    ],
    [
      'MJ::JOB::animate_low_extend::3::job',
      'job',
      ['/extend-video', { jobId: 'job', videoNo: 2, prompt: 'a fox --motion low' }],
    ],
    ['MJ::JOB::video_upscale::1::job', 'job~v4~17', ['/video-upscale', { jobId: 'job', videoNo: 3, type: 0 }]],
  ])('%s of %s', (customId, upstreamTaskId, expected) => {
    expect(sent(pressing(customId, { upstreamTaskId }))).toEqual(expected);
  });

  it('has no type at LegNext', () => {
    const pressed = pressing('MJ::JOB::video_upscale::1::job', { upstreamTaskId: 'job~v1~17' });
    expect(sent(pressed, LEGNEXT_PROFILE)).toEqual(['/video-upscale', { jobId: 'job', videoNo: 0 }]);
  });
});

describe('an upscale of version 8', () => {
  const upscale = (seed: string | null): SubmitCommand =>
    pressing('MJ::JOB::upsample_v8_hd::1::job::SOLO', { parent: { prompt: 'a fox --sd --v 8.1', seed } });

  it('is the same diffusion in HD with its seed, which the job shows where the task does not have it', () => {
    expect(sent(upscale('42'))).toEqual(['/diffusion', { text: 'a fox --v 8.1 --hd --seed 42' }]);
    expect(sent(upscale(null))).toEqual(['/diffusion', { text: 'a fox --v 8.1 --hd --seed 1234567' }]);
  });
});
