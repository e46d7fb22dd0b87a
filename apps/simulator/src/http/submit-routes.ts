import { type FastifyInstance } from 'fastify';
import { BindingError, Body } from '../submit/body.js';
import { type FollowUpService } from '../submit/follow-up-service.js';
import { type PictureService } from '../submit/picture-service.js';
import { type SubmitService } from '../submit/submit-service.js';
import { type SubmitContext } from '../submit/task-draft.js';
import { type Mode } from '../wire/vocabulary.js';
import { invalid, outside, type Reply } from '../wire/replies.js';
import { orderedFaults, playSubmit } from './faulty-submit.js';
import { send } from './send.js';

type Submit = (body: Body, context: SubmitContext) => Promise<Reply>;

/** What the submit routes work with. */
export interface SubmitServices {
  readonly begin: SubmitService;
  readonly draw: PictureService;
  readonly goOn: FollowUpService;
}

/** Mounts the submit routes under one prefix; `mode` is what the prefix asks for. */
export function mountSubmits(app: FastifyInstance, { begin, draw, goOn }: SubmitServices, mode: Mode | null): void {
  const routes: Readonly<Record<string, Submit>> = {
    'submit/imagine': (body, context) => begin.imagine(body, context),
    'submit/blend': (body, context) => begin.blend(body, context),
    'submit/describe': (body, context) => begin.describe(body, context),
    'submit/shorten': (body, context) => begin.shorten(body, context),
    'submit/change': (body, context) => goOn.change(body, context),
    'submit/simple-change': (body, context) => goOn.simpleChange(body, context),
    'submit/action': (body, context) => goOn.action(body, context),
    'submit/modal': (body, context) => goOn.modal(body, context),
    'submit/edit': (body, context) => draw.restyle(body, context, false),
    'submit/edits': (body, context) => draw.restyle(body, context, false),
    'submit/retexture': (body, context) => draw.restyle(body, context, true),
    'submit/video': (body, context) => draw.video(body, context),
    'submit/upload-discord-images': (body) => begin.upload(body),
    'insight-face/swap': (body, context) => draw.swap(body, context),
  };
  for (const [path, submit] of Object.entries(routes)) {
    app.post(`/mj/${path}`, async (request, reply) => {
      const now = Date.now();
      let body: Body;
      try {
        body = Body.of(request.body);
      } catch (error) {
        if (error instanceof BindingError)
          return send(reply, outside('The JSON value could not be converted.', new Date(now)));
        throw error;
      }
      const faults = orderedFaults(request, body);
      if ('unknown' in faults) return send(reply, invalid(`x-simulator-fault: no fault is named ${faults.unknown}`));
      return playSubmit(reply, body, { prefix: mode, faults, now }, submit);
    });
  }
}
