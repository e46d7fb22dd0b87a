import { usualAssumptions, type Assumption } from '../port/assumption.js';

const PAGES = 'API reference of APIMart, 2026-10';
const NOT_SAID = 'no page of the vendor says it';

/** What is taken for true of APIMart. */
export const APIMART_ASSUMPTIONS: readonly Assumption[] = [
  ...usualAssumptions('B', PAGES),
  {
    id: 'metadata-echo',
    expects: 'A task does not show the `metadata` of its submit.',
    otherwise: 'nothing is lost: it would be a mark by which a task can be recognised',
    grade: 'G',
    source: NOT_SAID,
    tried: 'always',
  },
  {
    id: 'v8-buttons',
    expects: 'A finished task of version 8.2 lists buttons with customIds.',
    otherwise: 'its clients see no buttons',
    grade: 'G',
    source: 'sources contradict each other about version 8',
    tried: 'always',
  },
  {
    id: 'unified-form',
    expects: '`/v1/tasks/{id}` shows the same task in another form.',
    otherwise: 'nothing, as long as `/v1/midjourney/{id}` shows it',
    grade: 'B',
    source: PAGES,
    tried: 'always',
  },
  {
    id: 'seed-shown',
    expects: 'A finished task does not show its seed.',
    otherwise: 'the seed is given to clients',
    grade: 'G',
    source: NOT_SAID,
    tried: 'always',
  },
  {
    id: 'describe-output',
    expects: 'A describe ends with numbered prompts in `prompt` or `description`.',
    otherwise: 'its clients see no prompts',
    grade: 'B',
    source: PAGES,
    tried: 'always',
  },
  {
    id: 'video-outputs',
    expects: 'A film task names its films in `video_url` or `video_urls`.',
    otherwise: 'films are taken from `image_urls`, if they stand there',
    grade: 'B',
    source: PAGES,
    tried: 'video',
  },
  {
    id: 'mask-polarity',
    expects: 'White parts of a mask are painted anew, the others are kept.',
    otherwise: 'regions are repainted the wrong way round',
    grade: 'B',
    source: 'pages and the command line of APIMart; a digest of 2026-08-22 says the reverse',
    tried: 'mask',
  },
  {
    id: 'modal-zoom',
    expects: '`/modal` without a mask honours `--zoom` in its prompt.',
    otherwise: 'custom zooms are as wide as the vendor likes',
    grade: 'G',
    source: NOT_SAID,
    tried: 'never',
  },
];
