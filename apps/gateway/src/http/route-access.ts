import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

/** What a route declares about itself; the key check and the body limits are driven by it. */
export interface RouteAccess {
  /** True: no API key is asked for. Everything not declared public wants one. */
  public?: boolean;
  /** True: a request without a body is whole, whatever content type it names. */
  bodyless?: boolean;
  /** Largest body in bytes; the default is `BODY_LIMIT.plain`. */
  bodyLimit?: number;
  /** True: the body may be a form. */
  multipart?: boolean;
}

/** Largest bodies: where no picture may come, and where one may. */
export const BODY_LIMIT = { plain: 256 * 1024, pictures: 32 * 1024 * 1024 } as const;

/** Declares a route public: pictures, health, documentation. */
export function Public(): MethodDecorator {
  return applyDecorators(RouteConfig({ public: true } satisfies RouteAccess));
}

/** Declares that no body is asked for. */
export function TakesNoBody(): MethodDecorator {
  return applyDecorators(RouteConfig({ bodyless: true } satisfies RouteAccess));
}

/** Declares that pictures may come in the body of this route; with `multipart` also as the files of a form. */
export function TakesPictures({ multipart = false }: Pick<RouteAccess, 'multipart'> = {}): MethodDecorator {
  return applyDecorators(RouteConfig({ bodyLimit: BODY_LIMIT.pictures, multipart } satisfies RouteAccess));
}
