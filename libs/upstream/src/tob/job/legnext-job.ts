import type { TaskStatus } from '#libs/wire';
import { idOf, isObject, textOf, type JsonObject } from '../../json/json-field.js';
import { PictureLinks } from '../../json/picture-links.js';
import { failureWords } from './failure-words.js';
import { foundText } from './found-text.js';
import { clipsAmong, isFilm, linksInPlace } from './job-links.js';
import { momentOf } from './moment.js';
import { readOffers } from './offers.js';
import { stateOfPushUrl } from './push-state.js';
import { seedOf } from './seed.js';
import type { TobJob } from './tob-job.js';

const STATUSES: ReadonlyMap<string, TaskStatus> = new Map([
  ['pending', 'SUBMITTED'],
  ['staged', 'SUBMITTED'],
  ['processing', 'IN_PROGRESS'],
  ['completed', 'SUCCESS'],
  ['failed', 'FAILURE'],
]);

/** Reads a task of LegNext; null where it has no id. Lists and links are null until it is done. */
export function readLegnextJob(item: unknown, baseUrl: string): TobJob | null {
  if (!isObject(item)) return null;
  const id = idOf(item['job_id']);
  if (id === null) return null;
  const status = STATUSES.get(textOf(item['status'], 32).trim().toLowerCase()) ?? null;
  const output = status === 'SUCCESS' ? objectIn(item, 'output') : {};
  const meta = objectIn(item, 'meta');
  const workName = textOf(item['task_type'], 64).toLowerCase().replace(/-/g, '_') || null;
  const found = foundText(output);
  const links = linksOf(output, baseUrl);
  return {
    id,
    state: stateOfPushUrl(objectIn(objectIn(item, 'config'), 'webhook_config')['endpoint']),
    status,
    text: textOf(objectIn(item, 'input')['text']) || textOf(objectIn(item, 'input')['prompt']),
    ...links,
    // The vendor gives no reasons for pictures that are not there.
    isIncomplete: links.pictures.includes(null),
    found,
    foundBy: found === '' ? null : workName === 'shorten' ? 'shorten' : 'describe',
    failReason: status === 'FAILURE' ? failureWords(textOf(objectIn(item, 'error')['message'])) : '',
    seed: seedOf(output['seed']),
    submitTime: momentOf(meta['created_at']),
    offers: readOffers(output['available_actions'], links.pictures.length),
    workName,
  };
}

/** No page of the vendor names the links of films, so they are taken wherever they stand. */
function linksOf(output: JsonObject, baseUrl: string): Pick<TobJob, 'gridUrl' | 'pictures' | 'clips'> {
  const links = new PictureLinks(baseUrl);
  const given = linksInPlace(output['image_urls'], baseUrl);
  const film = links.one(output['video_url']) ?? null;
  const films = linksInPlace(output['video_urls'], baseUrl);
  const image = links.one(output['image_url']);
  const clips = [
    films.some((link) => link !== null) ? films : film === null ? [] : [film],
    clipsAmong(given),
    isFilm(image) ? [image] : [],
  ].find((list) => list.length > 0);
  if (clips !== undefined) return { gridUrl: null, pictures: [], clips };
  const isWhole = given.length > 1 && given.every((link) => link !== null);
  // The grid of a job with a withheld picture may still show it.
  return { gridUrl: isWhole ? image : null, pictures: given.length > 0 || image === null ? given : [image], clips: [] };
}

function objectIn(holder: JsonObject, name: string): JsonObject {
  const value = holder[name];
  return isObject(value) ? value : {};
}
