import type { TaskStatus } from '#libs/wire';
import { idOf, integerOf, isObject, textOf } from '../../json/json-field.js';
import { failureWords } from './failure-words.js';
import { clipsAmong, linksInPlace } from './job-links.js';
import { momentOf } from './moment.js';
import { seedOf } from './seed.js';
import type { TobJob } from './tob-job.js';

const REASON_NAMES = ['reason', 'message', 'comment', 'text'] as const;
const RUNNING = 1;
const DONE = 2;
const FAILED = 3;

/**
 * Reads a job of Youchuan; null where it has no id. A done job may show its links a moment later, so it runs until there is
 * one, or a reason why there is none. An empty link with a reason is a picture that was moderated away; without one it may still
 * come.
 */
export function readYouchuanJob(item: unknown, baseUrl: string): TobJob | null {
  if (!isObject(item)) return null;
  const id = idOf(item['id']);
  if (id === null) return null;
  const reasons = reasonsOf(item['audits']);
  const given = linksInPlace(item['urls'], baseUrl);
  const isWithheld = reasons.some((reason) => reason !== '');
  const links = isWithheld ? padded(given, reasons.length) : given;
  const hasResult = isWithheld || links.some((link) => link !== null);
  const status = statusOf(item['status'], hasResult);
  const shown = status === 'SUCCESS' ? links : [];
  const clips = clipsAmong(shown);
  const cost = isObject(item['cost']) ? item['cost'] : {};
  return {
    id,
    state: null,
    status,
    text: textOf(item['text']),
    gridUrl: null,
    pictures: clips.length > 0 ? [] : shown,
    isIncomplete: shown.some((link, at) => link === null && (reasons[at] ?? '') === ''),
    clips,
    found: '',
    foundBy: null,
    failReason: status === 'FAILURE' ? failureWords(textOf(item['comment'])) : '',
    seed: seedOf(item['seed']),
    submitTime: momentOf(cost['costAt']) ?? momentOf(item['createdAt']),
    offers: null,
    workName: null,
  };
}

/** Numbers that no page of the vendor explains are those of a job that goes on. */
function statusOf(value: unknown, hasResult: boolean): TaskStatus | null {
  switch (integerOf(value)) {
    case DONE:
      return hasResult ? 'SUCCESS' : 'IN_PROGRESS';
    case FAILED:
      return 'FAILURE';
    case RUNNING:
      return 'IN_PROGRESS';
    case null:
      return statusNamed(textOf(value, 32), hasResult);
    default:
      return null;
  }
}

/** The documented numbers come as words from resellers. */
function statusNamed(word: string, hasResult: boolean): TaskStatus | null {
  if (/^(?:success|succeeded|completed)$/i.test(word.trim())) return statusOf(DONE, hasResult);
  return /^(?:fail|failed|failure)$/i.test(word.trim()) ? 'FAILURE' : null;
}

/** A reason is a text, or an object with one. */
function reasonsOf(value: unknown): string[] {
  const given: unknown[] = Array.isArray(value) ? value.slice(0, 64) : [];
  return given.map((item) => {
    const texts = isObject(item) ? REASON_NAMES.map((name) => textOf(item[name])) : [textOf(item)];
    return (texts.find((text) => text !== '') ?? '').trim();
  });
}

function padded(links: (string | null)[], length: number): (string | null)[] {
  return Array.from({ length: Math.max(links.length, length) }, (_, at) => links[at] ?? null);
}
