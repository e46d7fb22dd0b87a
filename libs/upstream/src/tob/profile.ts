import { defaultVersionOf, versionText, type BotType, type TaskMode } from '#libs/wire';
import { idOf, isObject, type JsonObject } from '../json/json-field.js';
import type { KindTerms } from '../port/upstream-kind.js';
import type { TobVendor } from './buttons/model-work.js';
import { readLegnextJob } from './job/legnext-job.js';
import type { TobJob } from './job/tob-job.js';
import { readYouchuanJob } from './job/youchuan-job.js';

/** What one vendor of the family does in its own way. */
export interface TobProfile {
  vendor: TobVendor;
  /** The path of its routes below the base URL. */
  root: string;
  /** The same of routes that concern the account, the usual one first. */
  accountRoots: readonly string[];
  /** The field with the id of a job. */
  idField: string;
  /** The flag of each speed in a text; "": it is the vendor's only or usual one, and needs none. */
  speedFlags: Readonly<Record<TaskMode, string>>;
  /** It has the routes blend, describe and shorten. */
  hasTextWork: boolean;
  /** A harmless read. */
  probePath: string;
  auth(secret: string | null): Record<string, string>;
  readJob(item: unknown, baseUrl: string): TobJob | null;
  /** What is left of the account, in an answer to the probe; undefined: it does not say. */
  creditIn(body: JsonObject): string | undefined;
}

export const YOUCHUAN_PROFILE: TobProfile = {
  vendor: 'youchuan',
  root: '/v1/tob',
  accountRoots: ['/v1/tob'],
  idField: 'id',
  speedFlags: { FAST: '', TURBO: '--turbo', RELAX: '--relax' },
  hasTextWork: false,
  probePath: '/subscribe',
  auth: (secret) => {
    const [app = '', ...rest] = (secret ?? '').split('|');
    return { 'x-youchuan-app': app, 'x-youchuan-secret': rest.join('|') };
  },
  readJob: readYouchuanJob,
  creditIn: () => undefined,
};

export const LEGNEXT_PROFILE: TobProfile = {
  vendor: 'legnext',
  root: '/v1',
  accountRoots: ['', '/v1'],
  idField: 'job_id',
  speedFlags: { FAST: '--fast', TURBO: '--turbo', RELAX: '--relax' },
  hasTextWork: true,
  probePath: '/account/balance',
  auth: (secret) => ({ 'x-api-key': secret ?? '' }),
  readJob: readLegnextJob,
  creditIn: (body) => {
    const data = isObject(body['data']) ? body['data'] : body;
    const [points, credits, dollars] = ['available_points', 'available_credits', 'balance_usd'].map((name) =>
      amountOf(data[name]),
    );
    if (points !== undefined) return `${points} points`;
    if (credits !== undefined) return `${credits} credits`;
    return dollars === undefined ? undefined : `${dollars} USD`;
  },
};

/** The id of the job that an answer shows, in an envelope or without; null: none. */
export function jobIdIn(profile: TobProfile, body: JsonObject): string | null {
  const data = isObject(body['data']) ? body['data'] : {};
  // An envelope may have an id of its own, that of the request.
  return idOf(data[profile.idField]) ?? idOf(body[profile.idField]);
}

/** The version of a prompt of that upstream that names none, such as `8.2` or, for its bot, `niji 7`. */
export function versionOf(profile: TobProfile, terms: KindTerms, botType: BotType = 'MID_JOURNEY'): string {
  const { defaultVersion, modelVersions: versions } = terms;
  return versionText(defaultVersionOf(profile.vendor, { defaultVersion, versions, botType }));
}

function amountOf(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text) ? text : undefined;
}
