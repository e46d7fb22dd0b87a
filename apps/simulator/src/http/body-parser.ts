import { type FastifyInstance } from 'fastify';

/** The body of a request is not JSON. */
export class UnreadableBody extends Error {}

/** Reads every body as JSON, whatever its type says; an empty one is null. @throws UnreadableBody to the error handler */
export function readBodiesAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, proceed) => {
    try {
      proceed(null, text === '' ? null : (JSON.parse(text as string) as unknown));
    } catch {
      proceed(new UnreadableBody());
    }
  });
}
