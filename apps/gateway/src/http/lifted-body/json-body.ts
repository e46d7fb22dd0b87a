import { errorCodes, type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { BODY_LIMIT } from '../route-access.js';
import { BodyScanner, type LiftedBody } from './body-scanner.js';
import { placePictures } from './place-pictures.js';

/** Shorter bodies are read as a whole: scanning costs more than it saves. */
const SCANNED_FROM = 64 * 1024;

/** Read of one body in one turn of the event loop: Node would read 2 MiB of each connection before it looks elsewhere. */
const TURN_BYTES = 256 * 1024;

/** What takes the bytes of a body while they come in. */
interface BodyReader {
  feed(chunk: Buffer): void;
  end(): LiftedBody;
}

/**
 * Reads JSON bodies: by Fastify's own parser and its rules, but large pictures, which are taken out before and put back
 * as the bytes they came in (`PictureText`). Two copies of a body and a loop step of its whole length go with that.
 */
export function installJsonBodies(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', (request, payload: IncomingMessage, done) => {
    readBody(request, payload, (error, body) => {
      if (body === null) return done(error);
      const { json, pictures } = body;
      void parse(request, json.toString('utf8'), (failure, value: unknown) => {
        if (failure === null) placePictures(value, pictures);
        done(failure, value);
      });
    });
  });
}

type Read = (error: Error | null, body: LiftedBody | null) => void;

/** As Fastify reads bodies that it parses as text, but for what takes them in. */
function readBody(request: FastifyRequest, payload: IncomingMessage, done: Read): void {
  const { bodyLimit } = request.routeOptions;
  const limit = bodyLimit ?? BODY_LIMIT.plain;
  const declared = Number(request.headers['content-length']);
  if (declared > limit) return done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE(), null);
  const reader: BodyReader =
    limit > BODY_LIMIT.plain && !(declared < SCANNED_FROM) ? new BodyScanner() : new WholeBody();
  let received = 0;
  let restAt = TURN_BYTES;
  const stop = (): void => {
    payload.removeListener('data', onData).removeListener('end', onEnd).removeListener('error', onError);
  };
  const onData = (chunk: Buffer): void => {
    received += chunk.length;
    if (received > limit) {
      stop();
      return done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE(), null);
    }
    reader.feed(chunk);
    if (received < restAt) return;
    restAt = received + TURN_BYTES;
    payload.pause();
    setImmediate(() => payload.resume());
  };
  const onEnd = (): void => {
    stop();
    if (!Number.isNaN(declared) && received !== declared) {
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

/** A body that is kept as it comes. */
class WholeBody implements BodyReader {
  private readonly chunks: Buffer[] = [];

  feed(chunk: Buffer): void {
    this.chunks.push(chunk);
  }

  end(): LiftedBody {
    const [only] = this.chunks;
    return { json: this.chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.chunks), pictures: NONE };
  }
}

const NONE: LiftedBody['pictures'] = new Map();
