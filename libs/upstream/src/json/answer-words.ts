import type { RefusalText } from '../refusal/refusal-subject.js';
import { parsedOf } from './answer-json.js';
import type { HttpAnswer } from '../http/http-answer.js';
import { integerOf, isObject, textOf, type JsonObject } from './json-field.js';

/** The parts of an answer that answers of all routes have in common. */
export interface AnswerContent extends RefusalText {
  status: number;
  /** The body as a JSON object; {} where it is something else. */
  body: JsonObject;
  /** Its own code, in the numbering of its server; null where it has none. */
  code: number | null;
  /** The message of the answer that may be shown to people. `words` has all its messages. */
  shown: string;
  /** Whether the body is JSON of any form. */
  isJson: boolean;
  /** Whether the body is an HTML page, which comes from some other server on the way. */
  isPage: boolean;
}

const PAGE = /^\s*(?:(?:<\?xml[^<>]{0,200}>|<!--[^<>]{0,2000}-->)\s*){0,4}<(?:!doctype html|html|head|body)[\s>]/i;
/** A second tag that makes a body a page: one that breaks off after its first tag may be anything. */
const OF_PAGE = /<\/html>|<(?:head|title|body|script|noscript|meta|h1|div)[\s>]/i;
/** How much of a body that is no JSON is read: a page has its head there, and a plain message ends there. */
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_PLAIN_WORDS = 2_000;
const INNER_NAMES = ['message', 'msg', 'description', 'detail', 'text', 'error'] as const;
const MOST_INNER = 8;
const LOWEST_STATUS = 400;
const HIGHEST_STATUS = 599;
const STATUS_NAMES = ['status', 'statusCode', 'status_code'] as const;

/**
 * Reads the content of an answer in any envelope: `{code, description}`, `{success, message}`, `{error: {message}}`,
 * `{error: "…"}`, `{detail}`, plain text. A status in the body of a 200 counts as the status of the answer.
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

/** The texts of the fields in which servers put messages for people, in the order of preference. */
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

/**
 * The texts in lists and objects of those fields. They are seldom meant for people, so they only help to classify an
 * answer.
 */
function nestedMessagesOf(body: JsonObject): string[] {
  const holders = [body['errors'], body['error'], body['detail'], body['message'], body['data']].flatMap((place) =>
    Array.isArray(place) ? (place.slice(0, MOST_INNER) as unknown[]) : isObject(place) ? [place] : [],
  );
  const texts = holders.flatMap((holder) => (isObject(holder) ? INNER_NAMES.map((name) => holder[name]) : [holder]));
  return texts.map((text) => textOf(text, MAX_PLAIN_WORDS)).filter((text) => text.trim() !== '');
}

/** The status of a failure that a body holds; undefined: none. */
function statusInBody(body: JsonObject, code: number | null): number | undefined {
  const numbers = [code, ...(code === null ? STATUS_NAMES.map((name) => integerOf(body[name])) : [])];
  return numbers.filter((value) => value !== null).find((value) => value >= LOWEST_STATUS && value <= HIGHEST_STATUS);
}

function namesOf(values: readonly unknown[]): string[] {
  return values.map((value) => textOf(value, 100)).filter((name) => /^[A-Za-z]\w*$/.test(name));
}

/** Whether a text has no control characters and no malformed bytes. */
function isText(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text);
}
