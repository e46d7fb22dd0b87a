import type { SubmitCommand, Work } from './command.js';
import { promptLack } from './prompt-lack.js';

const LINK = 'https://images.example.com/a.png';
const TERMS = { defaultVersion: null, modelVersions: null };

function command(work: Work, mode: SubmitCommand['mode'] = 'FAST'): SubmitCommand {
  return { botType: 'MID_JOURNEY', mode, modeIsChosen: false, accountFilter: null, ...work };
}

const imagine = (prompt: string, images: string[] = []): Work => ({ kind: 'imagine', prompt, images });
const video = (prompt: string, upstreamTaskId: string | null): Work => ({
  kind: 'video',
  prompt,
  image: LINK,
  endImage: null,
  loop: false,
  motion: null,
  videoType: null,
  batchSize: null,
  extend: upstreamTaskId === null ? null : { upstreamTaskId, index: 0 },
});

it.each<[Work, object | null]>([
  [imagine('a fox --v 7 --fast'), null],
  [imagine('a fox --v 8.2'), { what: 'version', name: '8.2' }],
  [imagine('a fox --stop 50'), { what: 'parameter', name: 'stop' }],
  [
    imagine(
      'a fox',
      Array.from({ length: 21 }, () => LINK),
    ),
    { what: 'links', name: '20' },
  ],
  [
    { kind: 'edits', prompt: 'a fox {red, blue}', images: [LINK] },
    { what: 'jobs', name: 'permutations' },
  ],
  [
    { kind: 'retexture', prompt: 'a fox --repeat 2', images: [LINK] },
    { what: 'jobs', name: 'repeat' },
  ],
  [{ kind: 'blend', images: [LINK, LINK], dimensions: 'SQUARE' }, null],
  [video('it runs --motion low', null), null],
  [video('a'.repeat(8_193), null), { what: 'length', name: '8192' }],
  [video('a'.repeat(8_193), 'job'), null],
  [{ kind: 'modal', upstreamTaskId: 'job', prompt: 'a fox --v 8.2', mask: null }, null],
])('%.80j', (work, lack) => {
  expect(promptLack('youchuan', TERMS, command(work))).toEqual(lack);
});

it('the settings of the upstream count', () => {
  const fox = command(imagine('a fox'));
  expect(promptLack('youchuan', { defaultVersion: '8.1', modelVersions: null }, { ...fox, mode: 'TURBO' })).toEqual({
    what: 'mode',
    name: 'TURBO',
  });
  expect(promptLack('midjourney', { ...TERMS, modelVersions: ['7'] }, command(imagine('a fox --v 6')))).toEqual({
    what: 'version',
    name: '6',
  });
  expect(promptLack('midjourney', { ...TERMS, modelVersions: ['7'] }, fox)).toBeNull();
});
