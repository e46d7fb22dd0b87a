import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { UnreadableBody } from '../http/body-parser.js';
import { send } from '../http/send.js';
import { Body } from '../submit/body.js';
import { type Reply } from '../wire/replies.js';
import { type ApimartFaults, faultsOfHeader, faultsOfPrompt } from './apimart-faults.js';
import { type ApimartSettings } from './apimart-options.js';
import { failure, isErrorStatus, Refusal, wrong } from './apimart-replies.js';
import { type ApimartRequest } from './apimart-request.js';
import { midjourneyForm, unifiedForm } from './apimart-view.js';
import { ownerOf } from './api-key.js';
import { type BeginningWork } from './beginning-work.js';
import { playApimart, playRead, refusalIn } from './faulty-answer.js';
import { type FilmWork } from './film-work.js';
import { type FollowWork } from './follow-work.js';
import { MinuteCap } from './minute-cap.js';
import { type Parents } from './parents.js';
import { type WindowWork } from './window-work.js';

/** What the routes work with. */
export interface ApimartParts {
  readonly secret: string | null;
  readonly settings: ApimartSettings;
  readonly base: () => string;
  readonly parents: Parents;
  readonly begin: BeginningWork;
  readonly goOn: FollowWork;
  readonly film: FilmWork;
  readonly windows: WindowWork;
}

type Work = (request: ApimartRequest) => Promise<Reply>;
interface ById {
  Params: { id: string };
}

/** Mounts what a key can call: the submits and both forms of reading. */
export function mountApimart(scope: FastifyInstance, parts: ApimartParts): void {
  const { secret, settings, parents, base } = parts;
  const cap = new MinuteCap(settings.perMinute);
  scope.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof UnreadableBody) return send(reply, failure(400, 'the body is not JSON'));
    const status = error.statusCode ?? 500;
    return send(reply, refusalIn(error) ?? failure(isErrorStatus(status) ? status : 500));
  });
  const owner = (request: FastifyRequest): string => {
    const shown = ownerOf(request.headers.authorization, secret, settings.otherKeys);
    if (shown === null) throw new Refusal(failure(401));
    return shown;
  };
  const admitted = (request: FastifyRequest): ApimartRequest => {
    const now = Date.now();
    const mine = owner(request);
    if (!cap.admits(mine, now)) throw new Refusal(failure(429));
    const body = Body.of(request.body);
    return { body, faults: orderedFaults(request, body), owner: mine, now };
  };

  for (const [path, work] of Object.entries(worksOf(parts)))
    scope.post(`/v1/midjourney/generations${path}`, (request, reply) => playApimart(reply, admitted(request), work));
  const reads = { '/v1/midjourney/:id': midjourneyForm, '/v1/tasks/:id': unifiedForm } as const;
  for (const [path, form] of Object.entries(reads)) {
    scope.get<ById>(path, (request, reply) => {
      const now = Date.now();
      const task = parents.find(request.params.id, owner(request), now);
      const view = form(task, now, base());
      return playRead(reply, task.reads, { http: 200, body: task.wrapped ? { code: 200, data: view } : view });
    });
  }
}

function worksOf({ begin, goOn, film, windows }: ApimartParts): Readonly<Record<string, Work>> {
  return {
    '': (request) => begin.imagine(request),
    '/imagine': (request) => begin.imagine(request),
    '/blend': (request) => begin.blend(request),
    '/describe': (request) => begin.describe(request),
    '/edits': (request) => begin.edits(request),
    '/upscale': (request) => goOn.upscale(request),
    '/variation': (request) => goOn.variation(request),
    '/low-variation': (request) => goOn.varied(request, false),
    '/high-variation': (request) => goOn.varied(request, true),
    '/reroll': (request) => goOn.reroll(request),
    '/zoom': (request) => goOn.zoom(request),
    '/pan': (request) => goOn.pan(request),
    '/inpaint': (request) => goOn.inpaint(request),
    '/modal': (request) => windows.modal(request),
    '/remix-strong': (request) => goOn.remix(request, true),
    '/remix-subtle': (request) => goOn.remix(request, false),
    '/video': (request) => film.video(request),
  };
}

/** The faults ordered by a submit's header and by its prompt; an unknown name in the header is refused, not ignored. */
function orderedFaults(request: FastifyRequest, body: Body): ApimartFaults {
  const header = request.headers['x-simulator-fault'];
  const { faults, unknown } = faultsOfHeader(Array.isArray(header) ? header.join(',') : (header ?? ''));
  if (unknown !== null) throw wrong(`x-simulator-fault: no fault is named ${unknown}`);
  return new Map([...faults, ...faultsOfPrompt(body.text('prompt') ?? '').faults]);
}
