import { TASK_STATUSES, type ButtonView, type TaskStatus } from '#libs/wire';
import type { Snapshot } from '../../port/snapshot.js';
import { idOf, integerOf, isObject, textOf, textOrNull } from '../../json/json-field.js';
import { PictureLinks } from '../../json/picture-links.js';

const MAX_BUTTONS = 64;
/** Most characters of all buttons of a task, twice as many as the longest modals have: lists hold 250 tasks at a time. */
const MAX_BUTTONS_CHARS = 16_384;
const MAX_PICTURES = 64;
const SECONDS_BELOW = 100_000_000_000;
const EARLIEST_MS = Date.UTC(2022, 0, 1);
const VIDEO_FILE = /\.(mp4|webm|mov)(?:[?#]|$)/i;

/**
 * Reads a task of midjourney-proxy; null where it has no id. Every other field may be missing, null, "" or 0.
 * @param baseUrl address of the upstream, the base of relative links
 */
export function readTask(item: unknown, baseUrl: string): Snapshot | null {
  if (!isObject(item)) return null;
  const id = idOf(item['id']);
  if (id === null) return null;
  const properties = isObject(item['properties']) ? item['properties'] : {};
  const links = new PictureLinks(baseUrl);
  const pictures = links.all(item['imageUrls']);
  const videos = [...links.all(item['videoUrls']), ...pictures.filter((link) => VIDEO_FILE.test(link))];
  // Some servers list the single pictures of a grid where others give the grid.
  const [imageUrl = null, ...others] = links.all(item['imageUrl']);
  // Some servers give the link of a video only in the field of its picture.
  const video = links.one(item['videoUrl']) ?? (imageUrl !== null && VIDEO_FILE.test(imageUrl) ? imageUrl : null);
  const singles = pictures.length === 0 && others.length > 0 && imageUrl !== null ? [imageUrl, ...others] : pictures;
  return {
    upstreamTaskId: id,
    state: textOrNull(item['state'], 8_192),
    status: statusOf(item['status']),
    progress: progressOf(item['progress']),
    prompt: textOf(item['prompt']),
    promptEn: textOf(item['promptEn']),
    finalPrompt: textOf(properties['finalPrompt']),
    finalZhPrompt: textOf(properties['finalZhPrompt']),
    description: textOf(item['description']),
    failReason: textOf(item['failReason']),
    imageUrl,
    imageUrls: singles.filter((link) => !VIDEO_FILE.test(link)),
    videoUrls: [...new Set(videos.length > 0 ? videos : video === null ? [] : [video])].slice(0, MAX_PICTURES),
    buttons: buttonsOf(item['buttons']),
    messageId: idOf(properties['messageId']),
    messageHash: idOf(properties['messageHash']),
    seed: textOrNull(item['seed'], 64),
    submitTime: timeOf(item['submitTime']),
    ...(links.inline === null ? {} : { inline: links.inline }),
  };
}

function statusOf(value: unknown): TaskStatus | null {
  const word = textOf(value, 32).trim().toUpperCase();
  if (word === 'CANCELLED' || word === 'CANCELED') return 'CANCEL';
  return TASK_STATUSES.find((status) => status === word) ?? null;
}

/** Percent, given as "65%", "65" or 65, without decimals; null for any other text. */
function progressOf(value: unknown): number | null {
  const text = textOf(value, 64).trim();
  const found = /^(\d{1,3})(?:\.\d+)?\s*%?$/.exec(text);
  return found === null ? null : Math.min(100, Number(found[1]));
}

/** A time in ms; some servers send seconds. A time before Midjourney existed is dropped: it would make a list look complete. */
function timeOf(value: unknown): number | null {
  const time = integerOf(value);
  if (time === null) return null;
  const ms = time < SECONDS_BELOW ? time * 1_000 : time;
  return ms >= EARLIEST_MS ? ms : null;
}

function buttonsOf(value: unknown): ButtonView[] {
  if (!Array.isArray(value)) return [];
  let left = MAX_BUTTONS_CHARS;
  return value
    .filter(isObject)
    .slice(0, MAX_BUTTONS)
    .map((button) => ({
      customId: textOf(button['customId'], 512),
      emoji: textOf(button['emoji'], 64),
      label: textOf(button['label'], 128),
      type: 2,
      style: integerOf(button['style']) ?? 2,
    }))
    .filter(({ customId, emoji, label }) => {
      left -= customId.length + emoji.length + label.length;
      return customId !== '' && left >= 0;
    });
}
