import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { JsonLimits } from '#libs/wire';
import type { FormShape } from '../forms/form-shape.js';

/** What a route declares about itself: the key check and the body limits read it. */
export interface RouteAccess {
  /** True: no API key is asked for. Everything not declared public wants one. */
  public?: boolean;
  /** True: ADMIN_KEY is asked for, and no API key counts. Set for every route under /admin. */
  admin?: boolean;
  /** True: METRICS_OPEN makes it public. */
  openMetrics?: boolean;
  /** True: it asks for new work, so an expired key is refused, and its own limit counts. Set by path: see isSubmitRoute. */
  submit?: boolean;
  /** True: a request without a body is whole, whatever content type it names. */
  bodyless?: boolean;
  /** Largest body in bytes; the default is `BODY_LIMIT.plain`. */
  bodyLimit?: number;
  /** The body may be a form of these parts. */
  form?: FormShape;
}

/** Largest bodies: where no picture may come, and where one may. */
export const BODY_LIMIT = { plain: 256 * 1024, pictures: 32 * 1024 * 1024 } as const;

/**
 * Limits of the structure of JSON that a client sends, in a body or in a part of a form. The largest legitimate body has
 * 10,003 values (10,000 ids of a list); no body has field names of the client's own, so no object needs more than 30 fields,
 * nor a depth of more than 4.
 */
export const JSON_LIMITS: JsonLimits = { depth: 32, values: 12_000, keys: 512, keyLength: 256 };

/**
 * Most bytes of a body besides its pictures of 64 KiB or more: twenty smaller pictures (1.3 MB) and all texts. JSON.parse reads
 * them in one step, which takes some 10 ms.
 */
export const TEXT_LIMIT = 2 * 1024 * 1024;

/** Whether the route with this path, as it is registered, asks for new work. By its path, so that none can be forgotten. */
export function isSubmitRoute(method: string | readonly string[], path: string): boolean {
  return [method].flat().includes('POST') && /^\/mj\/(?:submit\/|insight-face\/swap$)/.test(path);
}

/** Whether a request asks for new work, by the route that matched. */
export function isSubmit({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as RouteAccess).submit === true;
}

/** Declares a route public: pictures, health, documentation. */
export function Public(): MethodDecorator {
  return applyDecorators(RouteConfig({ public: true } satisfies RouteAccess));
}

/** Declares that ADMIN_KEY is asked for outside /admin too; with `openMetrics` only while METRICS_OPEN is not set. */
export function ForAdmin({ openMetrics = false }: Pick<RouteAccess, 'openMetrics'> = {}): MethodDecorator {
  return applyDecorators(RouteConfig({ admin: true, openMetrics } satisfies RouteAccess));
}

/** Declares that no body is asked for. */
export function TakesNoBody(): MethodDecorator {
  return applyDecorators(RouteConfig({ bodyless: true } satisfies RouteAccess));
}

/** Declares that pictures may come in the body of this route; with `form` also as the files of one. */
export function TakesPictures({ form }: Pick<RouteAccess, 'form'> = {}): MethodDecorator {
  const access: RouteAccess = { bodyLimit: BODY_LIMIT.pictures, ...(form === undefined ? {} : { form }) };
  return applyDecorators(RouteConfig(access));
}
