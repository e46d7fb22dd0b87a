import { command, imagine, imagineWork, videoWork } from '../../test/commands.js';
import type { Work } from './command.js';
import { promptLack } from './prompt-lack.js';

const LINK = 'https://images.example.com/a.png';
const TERMS = { defaultVersion: null, modelVersions: null };

it.each<[Work, object | null]>([
  [imagineWork('a fox --v 7 --fast'), null],
  [imagineWork('a fox --v 8.2'), { what: 'version', name: '8.2' }],
  [imagineWork('a fox --stop 50'), { what: 'parameter', name: 'stop' }],
  [
    imagineWork(
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
  [videoWork({ prompt: 'it runs --motion low', image: LINK }), null],
  [videoWork({ prompt: 'a'.repeat(8_193), image: LINK }), { what: 'length', name: '8192' }],
  [videoWork({ prompt: 'a'.repeat(8_193), image: LINK, extend: { upstreamTaskId: 'job', index: 0 } }), null],
  [{ kind: 'modal', upstreamTaskId: 'job', prompt: 'a fox --v 8.2', mask: null }, null],
])('%.80j', (work, lack) => {
  expect(promptLack('youchuan', TERMS, command(work))).toEqual(lack);
});

it('the settings of the upstream count', () => {
  const fox = imagine('a fox');
  expect(promptLack('youchuan', { defaultVersion: '8.1', modelVersions: null }, { ...fox, mode: 'TURBO' })).toEqual({
    what: 'mode',
    name: 'TURBO',
  });
  expect(promptLack('midjourney', { ...TERMS, modelVersions: ['7'] }, imagine('a fox --v 6'))).toEqual({
    what: 'version',
    name: '6',
  });
  expect(promptLack('midjourney', { ...TERMS, modelVersions: ['7'] }, fox)).toBeNull();
});
