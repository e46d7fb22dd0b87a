import type { RefusalText } from '../../refusal/refusal-subject.js';
import { parsedOf } from './answer-json.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { integerOf, isObject, textOf, type JsonObject } from './json-field.js';

/** An answer as far as every kind of them is alike. */
export interface AnswerContent extends RefusalText {
  status: number;
  /** The object that it is; {} for anything else. */
  body: JsonObject;
  /** Its own code, of whatever list; null where it has none. */
  code: number | null;
  /** What it says to people, as far as that may be shown to any. `words` is all of it. */
  shown: string;
  /** JSON of any form. */
  isJson: boolean;
  /** A page for people: no such server answers so of itself. */
  isPage: boolean;
}

const PAGE = /^\s*(?:(?:<\?xml[^<>]{0,200}>|<!--[^<>]{0,2000}-->)\s*){0,4}<(?:!doctype html|html|head|body)[\s>]/i;
/** What breaks off after its first word may have been to say anything. */
const OF_PAGE = /<\/html>|<(?:head|title|body|script|noscript|meta|h1|div)[\s>]/i;
/** Of what is no JSON, so much is looked at: a page has its head there, and plain words have their end. */
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_PLAIN_WORDS = 2_000;
const INNER_NAMES = ['message', 'msg', 'description', 'detail', 'text', 'error'] as const;
const MOST_INNER = 8;
const LOWEST_STATUS = 400;
const HIGHEST_STATUS = 599;
const STATUS_NAMES = ['status', 'statusCode', 'status_code'] as const;

/**
 * Reads what an answer says in any of the envelopes: `{code, description}`, `{success, message}`, `{error: {message}}`,
 * `{error: "…"}`, `{detail}`, plain text. A status that stands in the body of a 200 counts as its status.
 */
export function readAnswer(answer: HttpAnswer): AnswerContent {
  const { status, body: bytes } = answer;
  const parsed = parsedOf(answer);
  const isJson = parsed !== undefined;
  const body = isObject(parsed) ? parsed : {};
  const text = isJson ? (typeof parsed === 'string' ? parsed : '') : bytes.toString('utf8', 0, MAX_TEXT_BYTES);
  const isPage = !isJson && PAGE.test(text) && OF_PAGE.test(text.trimStart().slice(1));
  const isPlain = !isPage && text.length <= MAX_PLAIN_WORDS && !text.trimStart().startsWith('<') && isText(text);
  const error = isObject(body['error']) ? body['error'] : {};
  const places = messagesOf(body);
  const plain = isPlain ? textOf(text).trim() : '';
  const code = integerOf(body['code']) ?? integerOf(error['code']);
  return {
    status: status < 300 ? (statusInBody(body, code) ?? status) : status,
    body,
    code,
    isJson,
    isPage,
    words: [...places, ...nestedMessagesOf(body), plain].filter((text) => text !== '').join('\n'),
    shown: places[0] ?? plain,
    names: namesOf([error['code'], error['type'], body['code'], body['type'], body['reason'], body['error']]),
  };
}

/** What stands in the places where servers put what they say to people, the plainest first. */
function messagesOf(body: JsonObject): string[] {
  const error = isObject(body['error']) ? body['error'] : {};
  const places = [
    body['description'],
    body['message'],
    error['message'],
    error['detail'],
    body['error'],
    body['msg'],
    body['errMsg'],
    body['error_msg'],
    body['errorMessage'],
    body['detail'],
    body['error_description'],
    body['reason'],
    body['title'],
  ];
  return places.map((place) => textOf(place)).filter((text) => text.trim() !== '');
}

/** What stands in lists and objects at those places: only what is decided by words sees it, as it is seldom meant for people. */
function nestedMessagesOf(body: JsonObject): string[] {
  const holders = [body['errors'], body['error'], body['detail'], body['message'], body['data']].flatMap((place) =>
    Array.isArray(place) ? (place.slice(0, MOST_INNER) as unknown[]) : isObject(place) ? [place] : [],
  );
  const texts = holders.flatMap((holder) => (isObject(holder) ? INNER_NAMES.map((name) => holder[name]) : [holder]));
  return texts.map((text) => textOf(text, MAX_PLAIN_WORDS)).filter((text) => text.trim() !== '');
}

/** The status that a body has in itself, where it declines; undefined: it has none. */
function statusInBody(body: JsonObject, code: number | null): number | undefined {
  const numbers = [code, ...(code === null ? STATUS_NAMES.map((name) => integerOf(body[name])) : [])];
  return numbers.filter((value) => value !== null).find((value) => value >= LOWEST_STATUS && value <= HIGHEST_STATUS);
}

function namesOf(values: readonly unknown[]): string[] {
  return values.map((value) => textOf(value, 100)).filter((name) => /^[A-Za-z]\w*$/.test(name));
}

/** Not bytes of something else. */
function isText(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text);
}
