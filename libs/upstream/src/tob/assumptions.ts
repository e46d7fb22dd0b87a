import { usualAssumptions, type Assumption } from '../port/assumption.js';

const ALIYUN = 'API reference of Youchuan at the Aliyun Marketplace, 2026-10';
const OPENAPI = 'OpenAPI document, SDKs and guides of LegNext, 2026-10';
const NOT_SAID = 'no page of the vendor says it';

const CALLBACKS: readonly Assumption[] = [
  {
    id: 'callback-called',
    expects: 'The address in `callback` is called when the job has ended, unchanged.',
    otherwise: 'the end of a job is seen at its next poll',
    grade: 'G',
    source: 'the field is documented, the call hardly',
    tried: 'callback',
  },
  {
    id: 'callback-once',
    expects: 'The address is called once, also where it answers 500.',
    otherwise: 'nothing: a call is a hint to poll',
    grade: 'G',
    source: NOT_SAID,
    tried: 'callback',
  },
  {
    id: 'callback-signature',
    expects: 'The call has no header with a signature.',
    otherwise: 'nothing: what the call says is not believed',
    grade: 'G',
    source: NOT_SAID,
    tried: 'callback',
  },
];

/** What is taken for true of Youchuan. */
export const YOUCHUAN_ASSUMPTIONS: readonly Assumption[] = [
  ...usualAssumptions('A', ALIYUN),
  {
    id: 'listed-at-once',
    expects: '`costs` lists a job within seconds of its submit, with a time.',
    otherwise: 'a submit whose answer is lost is found late, or ends by its age',
    grade: 'G',
    source: NOT_SAID,
    tried: 'always',
  },
  {
    id: 'text-echo',
    expects: 'A job shows the text that was sent, but for links and flags of version and speed.',
    otherwise: 'a submit whose answer is lost is not recognised, and ends by its age',
    grade: 'G',
    source: NOT_SAID,
    tried: 'always',
  },
  {
    id: 'seed-shown',
    expects: 'A finished job shows its seed.',
    otherwise: 'the seed of a task is refused',
    grade: 'A',
    source: ALIYUN,
    tried: 'always',
  },
  ...CALLBACKS,
  {
    id: 'video-outputs',
    expects: 'The links of a film job are films, as many as `--bs` asks for.',
    otherwise: 'the clips that come are taken',
    grade: 'C',
    source: 'inferred from the shape of all other jobs',
    tried: 'video',
  },
];

/** What is taken for true of LegNext. */
export const LEGNEXT_ASSUMPTIONS: readonly Assumption[] = [
  ...usualAssumptions('B', OPENAPI),
  {
    id: 'listed-at-once',
    expects: '`account/active_tasks` lists a job within seconds of its submit, with a time.',
    otherwise: 'a submit whose answer is lost is found late, or ends by its age',
    grade: 'B',
    source: OPENAPI,
    tried: 'always',
  },
  {
    id: 'seed-shown',
    expects: 'A finished job shows its seed.',
    otherwise: 'the seed of a task is refused',
    grade: 'B',
    source: OPENAPI,
    tried: 'always',
  },
  {
    id: 'actions-listed',
    expects: 'A finished imagine lists `available_actions`.',
    otherwise: 'buttons come from a table for each model',
    grade: 'B',
    source: OPENAPI,
    tried: 'always',
  },
  {
    id: 'callback-echo',
    expects: 'A job shows the address that `callback` had, unchanged.',
    otherwise: 'a submit whose answer is lost is found by its text and time, if the job shows its text',
    grade: 'G',
    source: 'seen in example bodies; whether any address comes back unchanged is not said',
    tried: 'callback',
  },
  ...CALLBACKS,
  {
    id: 'describe-output',
    expects: 'A describe ends with numbered prompts.',
    otherwise: 'the prompts are numbered here, where they come as a list',
    grade: 'B',
    source: 'pages of LegNext of different ages, 2026-10',
    tried: 'always',
  },
  {
    id: 'shorten-output',
    expects: 'A shorten ends with numbered prompts.',
    otherwise: 'the prompts are numbered here, where they come as a list',
    grade: 'B',
    source: 'pages of LegNext of different ages, 2026-10',
    tried: 'always',
  },
  {
    id: 'video-outputs',
    expects: 'A film job names its films in `video_url`, `video_urls` or `image_urls`.',
    otherwise: 'the task succeeds without a film',
    grade: 'G',
    source: NOT_SAID,
    tried: 'video',
  },
  {
    id: 'edit-open',
    expects: 'The route `edit` is closed to most accounts; it is not used: edits go to `upload-paint`.',
    otherwise: 'nothing',
    grade: 'C',
    source: "the vendor's own tests",
    tried: 'never',
  },
];
