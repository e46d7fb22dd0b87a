import { TASK_STATUSES, type TaskStatus } from '#libs/wire';
import { integerOf, isObject, textOf, textOrNull, type JsonObject } from '../../json/json-field.js';
import { PictureLinks } from '../../json/picture-links.js';
import type { Snapshot } from '../../port/snapshot.js';
import { withoutTaskIds } from '../task-ids.js';
import { buttonsOf } from './task-buttons.js';

const MOST_PICTURES = 64;
const SECONDS_BELOW = 100_000_000_000;
const VIDEO_FILE = /\.(?:mp4|webm|mov)(?:[?#]|$)/i;
const OWN_STATE = /^jm:/;
/** The statuses of the vendor's unified form, and other spellings, by ours. */
const OTHER_STATUSES: Readonly<Record<string, TaskStatus>> = {
  PENDING: 'SUBMITTED',
  QUEUED: 'SUBMITTED',
  PROCESSING: 'IN_PROGRESS',
  RUNNING: 'IN_PROGRESS',
  COMPLETED: 'SUCCESS',
  SUCCEEDED: 'SUCCESS',
  FAILED: 'FAILURE',
  CANCELLED: 'CANCEL',
  CANCELED: 'CANCEL',
};

/**
 * Reads a task in the vendor's form for Midjourney or in its unified form; null where it is neither. Every field may be
 * missing, null, "" or 0.
 * @param taskId the id that was asked for
 * @param baseUrl address of the upstream, the base of relative links
 */
export function readTask(item: unknown, taskId: string, baseUrl: string): Snapshot | null {
  if (!isObject(item) || typeof item['status'] !== 'string') return null;
  const links = new PictureLinks(baseUrl);
  const { pictures, grid, videos } = linksOf(item, links);
  const text = (value: unknown): string => withoutTaskIds(textOf(value));
  const error = isObject(item['error']) ? item['error'] : {};
  return {
    upstreamTaskId: taskId,
    state: stateOf(item['metadata']),
    status: statusOf(item['status']),
    progress: progressOf(item['progress']),
    prompt: text(item['prompt']),
    promptEn: '',
    finalPrompt: '',
    finalZhPrompt: '',
    description: text(item['description']),
    failReason: text(item['fail_reason']) || text(error['message']),
    imageUrl: grid,
    imageUrls: pictures,
    // The vendor gives no reasons for pictures that are not there.
    ...(pictures.includes(null) ? { isIncomplete: true } : {}),
    videoUrls: videos,
    buttons: buttonsOf(item['buttons'], taskId),
    messageId: null,
    messageHash: null,
    seed: textOrNull(item['seed'], 64),
    submitTime: timeOf(item['created']),
    ...(links.inline === null ? {} : { inline: links.inline }),
  };
}

/** The links of a task. The only picture of a task is the picture of the whole as well. */
function linksOf(
  item: JsonObject,
  links: PictureLinks,
): { pictures: (string | null)[]; grid: string | null; videos: string[] } {
  const result = isObject(item['result']) ? item['result'] : {};
  const listed = placesOf(item['image_urls'], links);
  const all = listed.length > 0 ? listed : unifiedLinks(result['images'], links);
  const pictures = all.filter((link) => link === null || !VIDEO_FILE.test(link));
  const films = [...links.all(item['video_urls']), ...unifiedLinks(result['videos'], links)];
  const one = links.one(item['video_url']);
  const inPictures = all.filter((link) => link !== null && VIDEO_FILE.test(link));
  const videos = [films, one === null ? [] : [one], inPictures].find((list) => list.length > 0) ?? [];
  const [only] = pictures;
  return {
    pictures,
    grid: links.one(item['grid_image_url']) ?? (pictures.length === 1 && only !== undefined ? only : null),
    videos: [...new Set(videos.filter((link) => link !== null))].slice(0, MOST_PICTURES),
  };
}

/** A list of links in which one that is missing keeps its place, as long as there is any. */
function placesOf(value: unknown, links: PictureLinks): (string | null)[] {
  if (!Array.isArray(value)) return links.all(value);
  const places = value.slice(0, MOST_PICTURES).map((item) => links.one(item));
  return places.some((link) => link !== null) ? places : [];
}

/** `[{url: [links], expires_at}]`, or links alone. */
function unifiedLinks(value: unknown, links: PictureLinks): (string | null)[] {
  const groups: unknown[] = Array.isArray(value) ? value : [];
  return groups.flatMap((group) => placesOf(isObject(group) ? group['url'] : [group], links));
}

/** What of the metadata that a submit sent is ours, if the vendor gives it back. */
function stateOf(metadata: unknown): string | null {
  const state = isObject(metadata) ? textOrNull(metadata['state'], 8_192) : null;
  return state !== null && OWN_STATE.test(state) ? state : null;
}

function statusOf(value: unknown): TaskStatus | null {
  const word = textOf(value, 32).trim().toUpperCase();
  return TASK_STATUSES.find((status) => status === word) ?? OTHER_STATUSES[word] ?? null;
}

/** Percent, given as "65%", "65" or 65. */
function progressOf(value: unknown): number | null {
  const found = /^(\d{1,3})(?:\.\d+)?\s*%?$/.exec(textOf(value, 64).trim());
  return found === null ? null : Math.min(100, Number(found[1]));
}

/** Seconds or ms since 1970, as ms; null for 0. */
function timeOf(value: unknown): number | null {
  const time = integerOf(value);
  if (time === null || time <= 0) return null;
  return time < SECONDS_BELOW ? time * 1_000 : time;
}
