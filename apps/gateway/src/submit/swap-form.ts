import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { MjError } from '../http/mj-error.js';
import { BODY_LIMIT } from '../http/route-access.js';

const PICTURES: ReadonlySet<string> = new Set(['sourceBase64', 'targetBase64']);
const TEXTS: ReadonlySet<string> = new Set(['state', 'notifyHook', 'notifyEvents', 'mode', 'botType', 'retries']);
/** An object, so its part is JSON. */
const FILTER = 'accountFilter';
const MAX_PARTS = PICTURES.size + TEXTS.size + 1;
/** A picture of 10 MiB, raw and as base64; what is longer is cut off, and refused as too large. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_TEXT_BYTES = 14 * 1024 * 1024;
const LIMITS = {
  fieldNameSize: 100,
  fieldSize: MAX_TEXT_BYTES,
  fileSize: MAX_FILE_BYTES,
  files: PICTURES.size,
  parts: MAX_PARTS,
};

/**
 * Makes of a form the body that the same request has as JSON; files become base64. JSON passes as it is. Names that the
 * route does not know, and names that come twice, are refused: what cannot be used need not be read.
 */
@Injectable()
export class SwapFormReader implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.isMultipart()) request.body = await readForm(request);
    return next.handle();
  }
}

/** @throws MjError `bind_request_body_failed`, `image_too_large` or `request_body_too_large` */
async function readForm(request: FastifyRequest): Promise<Record<string, unknown>> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT.pictures) throw new MjError('request_body_too_large');
  const fields = new Map<string, unknown>();
  let chars = 0;
  try {
    for await (const part of request.parts({ limits: LIMITS })) {
      const name = part.fieldname;
      if (fields.has(name) || !(PICTURES.has(name) || TEXTS.has(name) || name === FILTER)) throw badField(name);
      const value = await readPart(part);
      chars += typeof value === 'string' ? value.length : 0;
      if (chars > BODY_LIMIT.pictures) throw new MjError('request_body_too_large');
      fields.set(name, value);
    }
  } catch (error) {
    throw formError(error);
  }
  return Object.fromEntries(fields);
}

async function readPart(part: Multipart): Promise<unknown> {
  const field = part.fieldname;
  switch (part.type) {
    case 'file':
      // A file named by a text field's name would be taken for its text.
      if (!PICTURES.has(field)) throw badField(field);
      return readFile(part);
    case 'field':
      if (part.valueTruncated) throw PICTURES.has(field) ? tooLarge(field) : badField(field);
      if (field === FILTER) return readFilter(part.value);
      if (typeof part.value !== 'string') throw badField(field);
      return part.value;
  }
}

async function readFile(part: Extract<Multipart, { type: 'file' }>): Promise<string> {
  try {
    return (await part.toBuffer()).toString('base64');
  } catch (error) {
    throw codeOf(error) === 'FST_REQ_FILE_TOO_LARGE' ? tooLarge(part.fieldname) : error;
  }
}

/** A part of the type application/json is parsed already. */
function readFilter(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.trim() === '') return null;
  try {
    return JSON.parse(value, (name, inner: unknown) => (name === '__proto__' ? undefined : inner));
  } catch {
    throw badField(FILTER);
  }
}

/** What the form's parser says is about the request: its own words are not for clients. */
function formError(error: unknown): MjError {
  if (error instanceof MjError) return error;
  const isTooMany = ['FST_PARTS_LIMIT', 'FST_FILES_LIMIT', 'FST_FIELDS_LIMIT'].includes(codeOf(error));
  return isTooMany ? new MjError('request_body_too_large') : badField('');
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function badField(field: string): MjError {
  return new MjError('bind_request_body_failed', { properties: { field: field.slice(0, LIMITS.fieldNameSize) } });
}

function tooLarge(field: string): MjError {
  return new MjError('image_too_large', { properties: { field } });
}
