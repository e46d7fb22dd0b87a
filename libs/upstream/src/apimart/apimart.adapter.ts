import { parseCustomId } from '#libs/wire';
import type { HttpAnswer } from '../http/http-answer.js';
import { notAnswered } from '../http/unanswered.js';
import type { UpstreamHttp, UpstreamRequest } from '../http/upstream-http.js';
import { isFollowUp, ownTexts, sendTimeoutMs, type SubmitCommand, type SubmitContext } from '../port/command.js';
import { RouteMissingError, UpstreamCallError, type Outcome } from '../port/outcome.js';
import type { RecentTasks } from '../port/recent-tasks.js';
import type { ProbeReply, SeedReply, Snapshot } from '../port/snapshot.js';
import { UpstreamAdapter, type UpstreamTarget } from '../port/upstream-adapter.js';
import { pictureId } from '../port/spelled-id.js';
import { windowText } from '../port/window-text.js';
import { withMadeButtons } from './buttons/made-buttons.js';
import { gatewayWindow } from './submit/gateway-window.js';
import { pickable } from './submit/pickable.js';
import { reopenWindow } from './submit/reopen-window.js';
import { readSubmitAnswer } from './submit/submit-answer.js';
import { toSubmitRequest } from './submit/submit-request.js';
import { hasPicture, pickPicture } from './task/picked-picture.js';
import { assertAnswered, readTaskAnswer } from './task/task-answer.js';
import { taskPartOf } from './task-part.js';
import { windowIdOf } from './window-id.js';

/** An id of the vendor's form that no task has: its time is that of 1970. */
const NO_TASK = 'task_00000000000000000000000000';
/** Longest answer with one task, which may hold its pictures inline. */
const MAX_TASK_BYTES = 16 * 1024 * 1024;
const SEED = /^\d{1,20}$/;
/** The route whose work waits in a window. */
const IS_WINDOW = /\/inpaint$/;
/** Routes whose work may wait in one. */
const OPENS_WINDOW = /\/(?:inpaint|zoom)$/;

type ApimartCall = Omit<UpstreamRequest, 'auth' | 'isAwaited'> & Partial<Pick<UpstreamRequest, 'isAwaited'>>;

/** Adapter of APIMart's API for Midjourney, `/v1/midjourney/*`. */
export class ApimartAdapter extends UpstreamAdapter {
  constructor(private readonly http: UpstreamHttp) {
    super();
  }

  override submitLocally(up: UpstreamTarget, command: SubmitCommand, _context: SubmitContext): Outcome | null {
    return gatewayWindow(up, command);
  }

  async submit(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    const local = this.submitLocally(up, command, context);
    if (local !== null) return local;
    const outcome = await this.send(up, command, context);
    if (outcome.kind !== 'refused' || outcome.code !== 4) return outcome;
    const calls = {
      send: (next: SubmitCommand) => this.send(up, next, context),
      read: (taskId: string) => this.readTask(up, taskId),
    };
    return (await this.pick(up, command, context)) ?? (await reopenWindow(command, calls)) ?? outcome;
  }

  /** Sends a command once. */
  private async send(up: UpstreamTarget, command: SubmitCommand, context: SubmitContext): Promise<Outcome> {
    const request = toSubmitRequest(up, command, context);
    // Work without a route is sent nowhere: whoever judged the command did not ask this kind of upstream.
    if (request === null) return { kind: 'nothing_done', fault: 'no_account' };
    const { path, body } = request;
    try {
      const deadlineMs = sendTimeoutMs(command.kind, up.submitTimeoutMs);
      const { traceparent } = context;
      const answer = await this.call(up, {
        method: 'POST',
        path,
        body,
        deadlineMs,
        traceparent,
        isAwaited: true,
        hasOwnConnection: true,
      });
      const outcome = readSubmitAnswer(answer, {
        url: up.baseUrl + path,
        isFollowUp: isFollowUp(command),
        isWindow: IS_WINDOW.test(path),
        mayOpenWindow: OPENS_WINDOW.test(path),
        ownTexts: ownTexts(command),
        fullTexts: up.fullTexts,
      });
      return withOwnId(outcome, command);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return notAnswered(error.fault);
    }
  }

  /** The vendor reads one task at a time. */
  fetchMany(): Promise<Snapshot[]> {
    return Promise.reject(new RouteMissingError());
  }

  async fetch(up: UpstreamTarget, upstreamTaskId: string): Promise<Snapshot | null> {
    const { taskId, picture } = taskPartOf(upstreamTaskId);
    const task = await this.readTask(up, taskId);
    if (task === null) return null;
    return picture === null
      ? { ...task, upstreamTaskId, buttons: withMadeButtons(task) }
      : pickPicture(task, { upstreamTaskId, picture });
  }

  listRecent(): Promise<RecentTasks | null> {
    return Promise.resolve(null);
  }

  async seed(up: UpstreamTarget, upstreamTaskId: string): Promise<SeedReply> {
    const seed = (await this.readTask(up, taskPartOf(upstreamTaskId).taskId))?.seed ?? '';
    return SEED.test(seed) ? { kind: 'seed', seed } : { kind: 'refused', words: '' };
  }

  cancel(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Reads a task that cannot exist: only who has a key is told that. */
  async probe(up: UpstreamTarget): Promise<ProbeReply> {
    const answer = await this.read(up, `/v1/midjourney/${NO_TASK}`);
    const { status, isPage, isJson } = assertAnswered(answer);
    if (isPage) throw new UpstreamCallError('not_found');
    if (status < 300 && !isJson) throw new UpstreamCallError('unreadable');
    return { readsBatches: false };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** Reads the form for Midjourney, and where that is missing the form that all of the vendor's models share. */
  private async readTask(up: UpstreamTarget, taskId: string): Promise<Snapshot | null> {
    const id = encodeURIComponent(taskId);
    for (const path of [`/v1/midjourney/${id}`, `/v1/tasks/${id}`]) {
      const found = readTaskAnswer(await this.read(up, path), taskId, up.baseUrl);
      if (found === 'foreign') return null;
      if (found !== 'not_here') return found;
    }
    return null;
  }

  /**
   * The outcome of a U that the vendor refused, as it is said to do for V8: the picture is among those of the grid already.
   * Null: the work is no U, or the picture is not there.
   */
  private async pick(up: UpstreamTarget, command: SubmitCommand, { state }: SubmitContext): Promise<Outcome | null> {
    const wanted = pickable(command);
    if (wanted === null) return null;
    try {
      const grid = await this.readTask(up, wanted.taskId);
      if (grid === null || !hasPicture(grid, wanted.picture)) return null;
      return { kind: 'accepted', upstreamTaskIds: [pictureId(wanted.taskId, wanted.picture, state)] };
    } catch (error) {
      if (error instanceof UpstreamCallError) return null;
      throw error;
    }
  }

  private read(up: UpstreamTarget, path: string): Promise<HttpAnswer> {
    return this.call(up, { method: 'GET', path, deadlineMs: up.pollTimeoutMs, maxBytes: MAX_TASK_BYTES });
  }

  private call(up: UpstreamTarget, request: ApimartCall): Promise<HttpAnswer> {
    const auth: Record<string, string> = up.secret === null ? {} : { authorization: `Bearer ${up.secret}` };
    return this.http.call(up, { isAwaited: false, ...request, auth });
  }
}

/** An outcome whose window knows the press that opened it, and its text, which the vendor does not tell. A window that is confirmed keeps its id. */
function withOwnId(outcome: Outcome, command: SubmitCommand): Outcome {
  if (outcome.kind === 'window' && outcome.upstreamTaskId !== null && command.kind === 'action') {
    const { upstreamTaskId: taskId, customId, parent } = command;
    const button = parseCustomId(customId);
    const text = button.kind === 'button' ? windowText(button.action, parent?.prompt ?? '') : '';
    return {
      ...outcome,
      upstreamTaskId: windowIdOf(outcome.upstreamTaskId, { taskId, customId }),
      finalPrompt: outcome.finalPrompt || text,
    };
  }
  if (command.kind !== 'modal' || !('upstreamTaskIds' in outcome)) return outcome;
  const { taskId } = taskPartOf(command.upstreamTaskId);
  return outcome.upstreamTaskIds[0] === taskId ? { ...outcome, upstreamTaskIds: [command.upstreamTaskId] } : outcome;
}
