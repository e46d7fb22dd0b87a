import { errorCodes, type FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { BodySurroundings } from '../streaming-json/json-body.js';
import { MjError } from '../errors/mj-error.js';
import { BODY_LIMIT, type RouteAccess } from '../routes/route-access.js';
import { FormReader } from './form-reader.js';

const FORM = /^multipart\/form-data/i;

/** Reads forms on the routes that declare one; any other route refuses a form before a byte of it is read. */
export function installForms(fastify: FastifyInstance, { refused, meterOf }: BodySurroundings): void {
  fastify.addHook('preParsing', (request, _reply, body, done) => {
    const { form } = request.routeOptions.config as RouteAccess;
    const isRefused = !request.is404 && form === undefined && FORM.test(request.headers['content-type'] ?? '');
    done(isRefused ? new MjError('media_type_not_supported') : null, body);
  });
  fastify.addContentTypeParser('multipart/form-data', (request, payload: IncomingMessage, done) => {
    const { form } = request.routeOptions.config as RouteAccess;
    if (form === undefined) return done(new MjError('media_type_not_supported'));
    const { 'content-length': declared = '0', 'content-type': type = '' } = request.headers;
    if (Number(declared) > BODY_LIMIT.pictures) return done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    let isOver = false;
    new FormReader({ payload, contentType: type, shape: form, meter: meterOf(request) }, (error, body) => {
      if (isOver) return;
      isOver = true;
      if (error !== null) refused.drop(request, payload, BODY_LIMIT.pictures);
      done(error, body);
    });
  });
}
