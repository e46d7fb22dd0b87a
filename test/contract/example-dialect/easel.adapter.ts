import { parseCustomId, type TaskStatus } from '#libs/wire';
import {
  RouteMissingError,
  sendTimeoutMs,
  UpstreamAdapter,
  UpstreamCallError,
  type Outcome,
  type ProbeReply,
  type SeedReply,
  type Snapshot,
  type SubmitCommand,
  type SubmitContext,
  type UpstreamHttp,
  type UpstreamTarget,
} from '#libs/upstream';
import type { HttpAnswer } from '../../../libs/upstream/src/http/http-answer.js';
import { readAnswer } from '../../../libs/upstream/src/json/answer-words.js';
import { idOf, isObject, textOf, textOrNull } from '../../../libs/upstream/src/json/json-field.js';
import { PictureLinks } from '../../../libs/upstream/src/json/picture-links.js';

const STATUSES: Readonly<Record<string, TaskStatus>> = {
  waiting: 'SUBMITTED',
  drawing: 'IN_PROGRESS',
  drawn: 'SUCCESS',
  spoilt: 'FAILURE',
};

/** Adapter of Easel, an invented vendor that draws a picture of a prompt, and draws it again at one press. */
export class EaselAdapter extends UpstreamAdapter {
  constructor(private readonly http: UpstreamHttp) {
    super();
  }

  async submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    const request = requestOf(command, context);
    // Whoever judged the command did not ask this kind.
    if (request === null) return { kind: 'nothing_done', fault: 'no_account' };
    const deadlineMs = sendTimeoutMs(command.kind, up.submitTimeoutMs);
    try {
      const call = { method: 'POST', auth: authOf(up), deadlineMs, isAwaited: true, hasOwnConnection: true } as const;
      return outcomeOf(await this.http.call(up, { ...request, ...call }));
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      const { fault } = error;
      // Only what did not get there surely began nothing.
      const isBefore = fault === 'connect' || fault === 'dns' || fault === 'tls';
      return isBefore ? { kind: 'nothing_done', fault } : { kind: 'unknown', fault };
    }
  }

  async fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    const answer = await this.read(up, `/v1/pictures/${encodeURIComponent(upstreamTaskId)}`);
    if (answer.status === 404) return null;
    const picture = bodyOf(answer)['picture'];
    if (!isObject(picture) || idOf(picture['id']) === null) throw new UpstreamCallError('unexpected');
    return snapshotOf(picture, upstreamTaskId, up.baseUrl);
  }

  async probe(up: UpstreamTarget): Promise<ProbeReply> {
    bodyOf(await this.read(up, '/v1/account'));
    return { readsBatches: false };
  }

  /** What the vendor does not have. */
  fetchMany(): Promise<Snapshot[]> {
    return Promise.reject(new RouteMissingError());
  }
  listRecent(): Promise<null> {
    return Promise.resolve(null);
  }
  seed(): Promise<SeedReply> {
    return Promise.resolve({ kind: 'refused', words: '' });
  }
  cancel(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private read(up: UpstreamTarget, path: string): Promise<HttpAnswer> {
    return this.http.call(up, {
      method: 'GET',
      path,
      auth: authOf(up),
      deadlineMs: up.pollTimeoutMs,
      isAwaited: false,
    });
  }
}

function authOf({ secret }: UpstreamTarget): Record<string, string> {
  return { 'x-easel-key': secret ?? '' };
}

/** The request of a command; null where the vendor has no route for it. `note` comes back with every read. */
export function requestOf(
  command: SubmitCommand,
  { state: note }: SubmitContext,
): { path: string; body: object } | null {
  if (command.kind === 'imagine') {
    const { prompt, images } = command;
    return { path: '/v1/pictures', body: { prompt, images, note } };
  }
  if (command.kind !== 'action') return null;
  const button = parseCustomId(command.customId);
  if (button.kind !== 'button' || button.action !== 'VARIATION') return null;
  return { path: `/v1/pictures/${encodeURIComponent(command.upstreamTaskId)}/again`, body: { note } };
}

/** The meaning of an answer to a submit: what may have been accepted is unknown. */
function outcomeOf(answer: HttpAnswer): Outcome {
  const { status, body, isJson, shown } = readAnswer(answer);
  const id = status < 300 && isObject(body['picture']) ? idOf(body['picture']['id']) : null;
  if (id !== null) return { kind: 'accepted', upstreamTaskIds: [id] };
  if (status === 401) return { kind: 'nothing_done', fault: 'unauthorized', scope: 'upstream' };
  if (status === 402) return { kind: 'nothing_done', fault: 'payment_required', scope: 'upstream' };
  if (status === 429) return { kind: 'full' };
  if (status === 400) {
    const word = textOf(body['banned'], 200);
    return word === ''
      ? { kind: 'refused', code: 4, words: shown }
      : { kind: 'banned', promptEn: '', bannedWord: word };
  }
  if (status >= 400) return { kind: 'unknown', fault: status >= 500 ? 'status_5xx' : 'status_4xx' };
  return { kind: 'unknown', fault: isJson ? 'unexpected' : 'unreadable' };
}

/** The body of an answer to a read. @throws UpstreamCallError for everything but a success */
function bodyOf(answer: HttpAnswer): Record<string, unknown> {
  const { status, body, isJson } = readAnswer(answer);
  if (status === 401) throw new UpstreamCallError('unauthorized', { answer });
  if (status >= 500) throw new UpstreamCallError('status_5xx', { answer });
  if (status >= 300) throw new UpstreamCallError('status_4xx', { answer });
  if (!isJson) throw new UpstreamCallError('unreadable', { answer });
  return body;
}

function snapshotOf(picture: Record<string, unknown>, upstreamTaskId: string, baseUrl: string): Snapshot {
  const status = STATUSES[textOf(picture['stage'])] ?? null;
  const isDone = status === 'SUCCESS';
  const customId = `MJ::JOB::variation::1::${upstreamTaskId}`;
  return {
    upstreamTaskId,
    state: textOrNull(picture['note']),
    status,
    progress: isDone ? 100 : null,
    prompt: textOf(picture['prompt']),
    promptEn: '',
    finalPrompt: '',
    finalZhPrompt: '',
    description: '',
    failReason: status === 'FAILURE' ? textOf(picture['why']) : '',
    imageUrl: isDone ? new PictureLinks(baseUrl).one(picture['link']) : null,
    imageUrls: [],
    videoUrls: [],
    buttons: isDone ? [{ customId, emoji: '', label: 'V1', type: 2, style: 2 }] : [],
    messageId: null,
    messageHash: null,
    seed: null,
    submitTime: null,
  };
}
