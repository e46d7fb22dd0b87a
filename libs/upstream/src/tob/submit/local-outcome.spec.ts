import { actionWork, command, imagine, type ActionWork } from '../../../test/commands.js';
import { SUBMIT_CONTEXT } from '../../../test/target.js';
import type { SubmitCommand } from '../../port/command.js';
import type { Outcome } from '../../port/outcome.js';
import { localOutcome } from './local-outcome.js';

function pressing(customId: string, more: Partial<ActionWork> = {}): SubmitCommand {
  const parent = { prompt: 'a fox --zoom 1.5 --ar 3:2', seed: null };
  return command(actionWork({ upstreamTaskId: 'job', customId, parent, ...more }));
}

const windowOf = (finalPrompt: string): Outcome => ({ kind: 'window', upstreamTaskId: null, finalPrompt });
const pick = (id: string): Outcome => ({ kind: 'accepted', upstreamTaskIds: [id] });
const OWN = 'a fox --zoom 1.5 --ar 3:2';

describe('a button', () => {
  it.each<[string, Partial<ActionWork>, Outcome | null]>([
    ['MJ::JOB::upsample::3::job', {}, pick('job~3~6240000000000001')],
    ['MJ::JOB::upsample::1::job', { upstreamTaskId: 'job~3~17' }, pick('job~3~6240000000000001')],
    ['MJ::JOB::video_virtual_upscale::2::job', {}, pick('job~v2~6240000000000001')],
    ['MJ::Inpaint::1::job::SOLO', {}, windowOf('')],
    ['MJ::CustomZoom::1::job', {}, windowOf('a fox --ar 3:2 --zoom 2')],
    ['MJ::JOB::remix_strong::1::job::SOLO', {}, windowOf(OWN)],
    ['MJ::JOB::video::low::job::vid_1.1_i2v_480::manual', {}, windowOf(OWN)],
    ['MJ::JOB::video::low::job::vid_1.1_i2v_480::auto', {}, null],
    ['MJ::Job::PicReader::2', {}, windowOf(OWN)],
    ['MJ::Job::PromptAnalyzer::2', {}, null],
    ['MJ::JOB::variation::2::job', {}, null],
    ['MJ::JOB::variation::2::job', { enableRemix: true }, windowOf(OWN)],
    ['MJ::JOB::reroll::0::job::SOLO', { enableRemix: true }, windowOf(OWN)],
    ['MJ::JOB::pan_left::1::job::SOLO', { enableRemix: true }, windowOf(OWN)],
    ['MJ::JOB::animate_high::1::job::SOLO', { enableRemix: true }, windowOf(OWN)],
    ['MJ::Outpaint::50::1::job::SOLO', { enableRemix: true }, null],
    ['MJ::JOB::upsample_v7_2x_subtle::1::job::SOLO', { enableRemix: true }, null],
    // Confirmed: the work is sent.
    ['MJ::Inpaint::1::job::SOLO', { confirmedPrompt: '' }, null],
    ['MJ::CustomZoom::1::job', { confirmedPrompt: 'a cat --zoom 1.2' }, null],
    ['MJ::JOB::variation::2::job', { enableRemix: true, confirmedPrompt: 'a cat' }, null],
    // What is not supported is not opened either.
    ['MJ::Job::PicReader::all', {}, null],
    ['MJ::BOOKMARK::job', {}, null],
    ['nothing', {}, null],
  ])('%s %j', (customId, more, expected) => {
    expect(localOutcome(pressing(customId, more), SUBMIT_CONTEXT)).toEqual(expected);
  });
});

it('a change picks as the button does, and everything else is sent', () => {
  const base = imagine('a fox');
  const change = { ...base, kind: 'change', upstreamTaskId: 'job', index: 4 } as const;
  expect(localOutcome({ ...change, action: 'UPSCALE' }, SUBMIT_CONTEXT)).toEqual(pick('job~4~6240000000000001'));
  expect(localOutcome({ ...change, action: 'VARIATION' }, SUBMIT_CONTEXT)).toBeNull();
  expect(localOutcome(base, SUBMIT_CONTEXT)).toBeNull();
});
