import { actionWork, command, imagineWork, videoWork, type ActionWork, type Terms } from '../../../test/commands.js';
import type { Work } from '../../port/command.js';
import type { KindTerms } from '../../port/upstream-kind.js';
import { LEGNEXT_PROFILE, YOUCHUAN_PROFILE } from '../profile.js';
import { unsupportedOf } from './unsupported.js';

const UP: KindTerms = { defaultVersion: null, modelVersions: null };
const A = 'https://gw.example/mj/input/a.png';

/** `what name`, or ok; at Youchuan, then at LegNext. */
function lacks(work: Work, terms: Partial<Terms> = {}, up = UP): [string, string] {
  const told = [YOUCHUAN_PROFILE, LEGNEXT_PROFILE].map((profile) => {
    const lack = unsupportedOf(profile, up, command(work, terms));
    return lack === null ? 'ok' : `${lack.what} ${lack.name}`;
  });
  return [told[0] ?? '', told[1] ?? ''];
}

const press = (customId: string, prompt = 'a fox --v 7', more: Partial<ActionWork> = {}): Work =>
  actionWork({ upstreamTaskId: 'job~1~17', customId, parent: { prompt, seed: null }, ...more });
const blend = (count: number): Work => ({
  kind: 'blend',
  images: Array.from({ length: count }, () => A),
  dimensions: 'SQUARE',
});

it.each<[string, Work, string, string]>([
  ['words', imagineWork('a fox'), 'ok', 'ok'],
  ['a version', imagineWork('a fox --v 8.2'), 'version 8.2', 'ok'],
  ['a parameter', imagineWork('a fox --q 2 --v 7'), 'ok', 'parameter q'],
  ['nothing', imagineWork(''), 'inputs prompt', 'inputs prompt'],
  ['one picture alone', imagineWork('--v 7', [A]), 'inputs prompt', 'inputs prompt'],
  ['two pictures alone', imagineWork(`${A} --v 7`, [A]), 'ok', 'ok'],
  ['a film without a picture', imagineWork('a fox --video 1'), 'inputs image', 'inputs image'],
  ['a film of a link', imagineWork(`${A} a fox --video 1`), 'ok', 'ok'],
  ['a blend of one', blend(1), 'pictures 1', 'pictures 1'],
  ['a blend of two', blend(2), 'ok', 'ok'],
  ['a blend of five', blend(5), 'ok', 'ok'],
  ['a blend of six', blend(6), 'pictures 6', 'pictures 6'],
  ['a description', { kind: 'describe', image: A, link: null, language: null }, 'action DESCRIBE', 'ok'],
  ['a shortening', { kind: 'shorten', prompt: 'a fox' }, 'action SHORTEN', 'ok'],
  ['an edit', { kind: 'edits', prompt: 'a hat', images: [A] }, 'ok', 'ok'],
  ['an edit of two', { kind: 'edits', prompt: 'a hat', images: [A, A] }, 'pictures 2', 'pictures 2'],
  ['a texture', { kind: 'retexture', prompt: 'wool', images: [A] }, 'ok', 'ok'],
  ['a texture of 6', { kind: 'retexture', prompt: 'wool --v 6', images: [A] }, 'version 6', 'version 6'],
  ['a film', videoWork({ prompt: 'it runs', image: A }), 'ok', 'ok'],
  ['a film of nothing', videoWork({ prompt: 'it runs' }), 'inputs image', 'inputs image'],
  ['a film that goes on', videoWork({ extend: { upstreamTaskId: 'job', index: 0 } }), 'ok', 'ok'],
  ['a swap', { kind: 'swap', source: A, target: A }, 'action SWAP_FACE', 'action SWAP_FACE'],
  ['a window there', { kind: 'modal', upstreamTaskId: 'x', prompt: '', mask: null }, 'action MODAL', 'action MODAL'],
  ['an upload', { kind: 'upload', images: [A] }, 'ok', 'ok'],
])('%s', (_, work, youchuan, legnext) => {
  expect(lacks(work)).toEqual([youchuan, legnext]);
});

it.each<[string, Work, string, string]>([
  ['a pan', press('MJ::JOB::pan_left::1::job::SOLO'), 'ok', 'ok'],
  ['a pan of 8.1', press('MJ::JOB::pan_left::1::job::SOLO', 'a fox --v 8.1'), 'action PAN', 'ok'],
  ['a zoom of 8.1', press('MJ::Outpaint::50::1::job::SOLO', 'a fox --v 8.1'), 'action ZOOM', 'ok'],
  ['a region of 8.1', press('MJ::Inpaint::1::job::SOLO', 'a fox --v 8.1'), 'action INPAINT', 'ok'],
  ['an upscale of 8.1', press('MJ::JOB::upsample_v8_hd::1::job::SOLO', 'a fox --v 8.1'), 'ok', 'ok'],
  ['an enhance of 8.1', press('MJ::JOB::enhance::1::job', 'a fox --v 8.1'), 'action ENHANCE', 'action ENHANCE'],
  ['a square', press('MJ::Outpaint::100::1::job::SOLO'), 'action ZOOM', 'action ZOOM'],
  ['a favourite', press('MJ::BOOKMARK::job'), 'action ACTION', 'action ACTION'],
  ['a retry', press('MJ::Picread::Retry'), 'action DESCRIBE', 'action DESCRIBE'],
  ['all at once', press('MJ::Job::PicReader::all'), 'action IMAGINE', 'action IMAGINE'],
  ['a region that opens', press('MJ::Inpaint::1::job::SOLO'), 'ok', 'ok'],
  [
    'a region without a mask',
    press('MJ::Inpaint::1::job::SOLO', 'a fox', { confirmedPrompt: 'a hat' }),
    'inputs mask',
    'inputs mask',
  ],
  [
    'a zoom too far',
    press('MJ::CustomZoom::1::job', 'a fox', { confirmedPrompt: 'a fox --zoom 2.5' }),
    'inputs prompt',
    'inputs prompt',
  ],
  ['a zoom', press('MJ::CustomZoom::1::job', 'a fox --v 7', { confirmedPrompt: 'a fox --zoom 1.5 --v 7' }), 'ok', 'ok'],
  [
    'a remix with a version of its own',
    press('MJ::JOB::remix_strong::1::job', 'a fox --v 7', { confirmedPrompt: 'a fox --v 5.2' }),
    'version 5.2',
    'ok',
  ],
  [
    'a remix of a version with parameters that it lacks',
    press('MJ::JOB::remix_strong::1::job', 'a fox --v 8.1', { confirmedPrompt: 'a fox --weird 5' }),
    'parameter weird',
    'ok',
  ],
  ['a prompt that was found', press('MJ::Job::PromptAnalyzer::1', 'a fox --v 5.2'), 'version 5.2', 'ok'],
  ['a window of one', press('MJ::Job::PicReader::1', 'a fox --v 5.2'), 'ok', 'ok'],
])('a button: %s', (_, work, youchuan, legnext) => {
  expect(lacks(work)).toEqual([youchuan, legnext]);
});

it('modes and versions are those of the kind, or what the operator says', () => {
  expect(lacks(imagineWork('a fox --v 8.1'), { mode: 'TURBO' })).toEqual(['mode TURBO', 'ok']);
  expect(lacks(imagineWork('a fox'), { mode: 'RELAX' })).toEqual(['mode RELAX', 'ok']);
  const up = { defaultVersion: null, modelVersions: ['7'] };
  expect(lacks(imagineWork('a fox --v 6.1'), {}, up)).toEqual(['version 6.1', 'version 6.1']);
  expect(lacks(imagineWork('a fox'), {}, up)).toEqual(['ok', 'ok']);
});
