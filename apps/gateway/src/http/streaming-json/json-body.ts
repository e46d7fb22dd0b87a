import { errorCodes, type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { PictureText } from '#libs/upstream';
import type { UploadMeter } from '../../traffic/upload-budget.js';
import { MjError } from '../errors/mj-error.js';
import { Problem } from '../errors/problem.js';
import { RefusedBodies, stopDecoding } from '../request-body/refused-bodies.js';
import { BODY_LIMIT, JSON_LIMITS, TEXT_LIMIT } from '../routes/route-access.js';
import type { BodyExcess, BodyReader } from './body-reader.js';
import { BodyScanner, type ExtractedBody } from './body-scanner.js';
import { restorePictures } from './restore-pictures.js';
import { PlainBody } from './plain-body.js';

/** Smallest body that is scanned for pictures: below this size scanning costs more than it saves. */
const SCANNED_FROM = 64 * 1024;

/** Most bytes of one body in a turn of the event loop: Node by itself reads 2 MiB of a connection before it serves another. */
const TURN_BYTES = 256 * 1024;

/**
 * Reads JSON bodies by Fastify's parser and its rules, except for large pictures: a BodyScanner extracts them while the body
 * comes in, and they are restored after parsing as the bytes they came in (`PictureText`). That saves two copies of the body and
 * one long turn of the event loop. A body with more structure than {@link JSON_LIMITS} is refused while it comes in.
 */
export function installJsonBodies(fastify: FastifyInstance, { refused, meterOf }: BodySurroundings): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', (request, payload: IncomingMessage, done) => {
    readBody(request, payload, { refused, meter: meterOf(request) }, (error, body) => {
      if (body === null) return done(error);
      void settle(body.pictures).then((pictures) =>
        parse(request, body.json.toString('utf8'), (failure, value: unknown) => {
          if (failure === null) restorePictures(value, pictures);
          done(failure, value);
        }),
      );
    });
  });
}

/** Never rejects. */
async function settle(drafted: ExtractedBody['pictures']): Promise<Map<string, PictureText>> {
  const pictures = new Map<string, PictureText>();
  for (const [place, picture] of drafted) pictures.set(place, await picture.settle());
  return pictures;
}

/** The parts of the server that reading a body needs. */
export interface BodySurroundings {
  refused: RefusedBodies;
  /** The meter of a request's body. */
  meterOf: (request: FastifyRequest) => UploadMeter;
}

type Read = (error: Error | null, body: ExtractedBody | null) => void;

/** As Fastify reads bodies that it parses as text, but for what takes them in. */
function readBody(
  request: FastifyRequest,
  payload: IncomingMessage,
  { refused, meter }: { refused: RefusedBodies; meter: UploadMeter },
  done: Read,
): void {
  const { bodyLimit } = request.routeOptions;
  const limit = bodyLimit ?? BODY_LIMIT.plain;
  const declared = Number(request.headers['content-length']);
  if (declared > limit) return done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE(), null);
  const isDecoded = payload !== request.raw;
  const reader = readerOf(limit, isDecoded ? NaN : declared);
  let received = 0;
  let restAt = TURN_BYTES;
  const stop = (): void => {
    payload.removeListener('data', onData).removeListener('end', onEnd).removeListener('error', onError);
  };
  const onData = (chunk: Buffer): void => {
    received += chunk.length;
    if (received > limit) {
      stop();
      stopDecoding(request.raw, payload);
      return done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE(), null);
    }
    const excess = reader.feed(chunk);
    if (excess !== null) {
      stop();
      refused.drop(request, payload, limit - (isDecoded ? 0 : received));
      return done(refusalOf(excess, request), null);
    }
    const memory = meter.add(chunk.length);
    if (memory !== null) {
      payload.pause();
      memory.then(() => payload.resume(), fail);
      return;
    }
    if (received < restAt) return;
    restAt = received + TURN_BYTES;
    payload.pause();
    setImmediate(() => payload.resume());
  };
  const fail = (error: Error): void => {
    stop();
    refused.drop(request, payload, limit - (isDecoded ? 0 : received));
    done(error, null);
  };
  const onEnd = (): void => {
    stop();
    meter.finished();
    if (!isDecoded && !Number.isNaN(declared) && received !== declared) {
      return done(new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH(), null);
    }
    done(null, reader.end());
  };
  const onError = (error: FastifyError): void => {
    stop();
    error.statusCode ??= 400;
    done(error, null);
  };
  payload.on('data', onData).on('end', onEnd).on('error', onError);
  payload.resume();
}

/** @param declared bytes of the body, where it says so; else NaN */
function readerOf(limit: number, declared: number): BodyReader {
  const isSmall = limit <= BODY_LIMIT.plain || declared < SCANNED_FROM;
  return isSmall ? new PlainBody(JSON_LIMITS) : new BodyScanner({ ...JSON_LIMITS, text: TEXT_LIMIT });
}

const TOO_MUCH: Record<Exclude<BodyExcess['kind'], 'picture'>, string> = {
  depth: `is nested deeper than ${JSON_LIMITS.depth} levels`,
  values: `has more than ${JSON_LIMITS.values} values`,
  keys: `has more than ${JSON_LIMITS.keys} names in one object`,
  keyLength: `has a name of more than ${JSON_LIMITS.keyLength} characters`,
  text: `has more than ${TEXT_LIMIT} bytes of text`,
};

function refusalOf({ kind, field }: BodyExcess, { isAdmin }: FastifyRequest): Error {
  if (kind === 'picture') return new MjError('base64_is_invalid', { properties: { field } });
  return isAdmin
    ? new Problem('body_is_malformed', `The body ${TOO_MUCH[kind]}`)
    : new MjError('bind_request_body_failed', { properties: { field } });
}
