import { ordersOfHeader, ordersOfPrompt } from '../wire/orders.js';
import { numberOf } from '../wire/faults.js';
import { type TobTaskFaults } from './tob-record.js';

/** Every fault of the tob family, with what it does; served as it stands by GET /simulator/{dialect}/faults. */
export const TOB_FAULTS = {
  refuse: 'Refuses; the argument is a reason such as Msg_Sensitive, or an HTTP status (default 500).',
  'other-envelope': 'Refusals come in the other of the two envelopes of LegNext.',
  'http-429': 'Refuses with HTTP 429, an empty body and Retry-After; the argument is its seconds (default 1).',
  'http-500': 'Refuses with HTTP 500 and no body.',
  unreadable: 'Answers HTTP 200 with HTML; nothing is accepted.',
  hang: 'Never answers; nothing is accepted.',
  late: 'Accepts at once, answers after as many ms as the argument says (default 5000).',
  'accept-hang': 'Accepts, never answers.',
  'accept-500': 'Accepts, answers HTTP 500.',
  'accept-unreadable': 'Accepts, answers HTTP 200 with JSON that breaks off.',
  'accept-no-id': 'Accepts, answers HTTP 200 with a job that has no id.',
  reset: 'Accepts, then resets the connection before answering.',
  fail: 'The job fails; the argument is its comment (default Fail).',
  slow: 'The job runs as many ms as the argument says (default 60000).',
  stall: 'The job begins and never ends.',
  forget: 'The job is unknown 1 s after it was accepted.',
  withhold: 'Pictures are moderated away: the argument is their numbers from 1, such as 1,3 (in a header 1+3), or all.',
  early: 'As many reads as the argument says show success without any link (Youchuan: 1 by itself; 0 for none).',
  status: 'While it runs the job shows the argument as its status, such as 0 or 4.',
  comment: 'The job shows the argument as its comment.',
  'lose-callback': 'The callback is not sent.',
  'double-callback': 'The callback is sent twice.',
  'dead-picture': 'The links of the job answer 404.',
  reads: 'Every read of the job breaks: hang, reset, unreadable, or a reason or HTTP status (default 503).',
  'no-dates': 'LegNext writes no moment at which the job was begun or ended.',
  'video-in-images': 'LegNext gives the links of videos as image_urls.',
  small: 'The picture is drawn small: the argument is the root of its area in px (default 128). For load tests.',
} as const;

export type TobFaultName = keyof typeof TOB_FAULTS;
export type TobFaults = ReadonlyMap<TobFaultName, string>;

const isFault = (name: string): name is TobFaultName => Object.hasOwn(TOB_FAULTS, name);
const GRID_SIDE = 1024;
const SMALL_SIDE = 128;
const SLOW_MS = 60_000;

export const tobFaultsOfHeader = (header: string): { faults: TobFaults; unknown: string | null } =>
  ordersOfHeader(header, isFault);
export const tobFaultsOfText = (text: string): { faults: TobFaults; prompt: string } => ordersOfPrompt(text, isFault);

/** The area that a new picture has, px. */
export const areaOf = (faults: TobFaults): number =>
  faults.has('small') ? Math.max(16, numberOf(faults, 'small', SMALL_SIDE, 4096)) ** 2 : GRID_SIDE ** 2;

/** How long a job runs, ms. */
export const runTimeOf = (faults: TobFaults, usual: number): number =>
  faults.has('slow') ? numberOf(faults, 'slow', SLOW_MS) : Math.round(usual);

/** The part of the ordered faults that stays with the job. */
export function taskFaultsOf(faults: TobFaults, early: number): TobTaskFaults {
  const withheld = faults.get('withhold');
  return {
    early: numberOf(faults, 'early', faults.has('early') ? 1 : early, 1_000),
    ...(faults.has('fail') ? { fail: (faults.get('fail') ?? '') || 'Fail' } : {}),
    ...(faults.has('stall') ? { stall: true as const } : {}),
    ...(faults.has('forget') ? { forget: true as const } : {}),
    ...(faults.has('dead-picture') ? { deadPicture: true as const } : {}),
    ...(withheld === undefined ? {} : { withheld: placesOf(withheld) }),
    ...(faults.has('status') ? { status: faults.get('status') ?? '' } : {}),
    ...(faults.has('comment') ? { comment: faults.get('comment') ?? '' } : {}),
    ...(faults.has('lose-callback') ? { callback: 'lost' as const } : {}),
    ...(faults.has('double-callback') ? { callback: 'twice' as const } : {}),
    ...(faults.has('reads') ? { reads: (faults.get('reads') ?? '') || '503' } : {}),
    ...(faults.has('no-dates') ? { noDates: true as const } : {}),
    ...(faults.has('video-in-images') ? { videoInImages: true as const } : {}),
  };
}

const placesOf = (numbers: string): number[] =>
  numbers === 'all'
    ? [0, 1, 2, 3]
    : [...(numbers === '' ? '1' : numbers).matchAll(/[1-4]/g)].map(([n]) => Number(n) - 1);
