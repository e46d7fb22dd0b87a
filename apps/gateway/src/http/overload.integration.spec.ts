import { Logger } from '@nestjs/common';
import fastifyFactory from 'fastify';
import { Connections } from '../traffic/connections.js';
import { Shares } from '../traffic/shares.js';
import { installOverloadGuard } from './overload.js';
import { MjError } from './mj-error.js';

describe('the overload guard', () => {
  it('turns away what is too much, and takes requests again afterwards', async () => {
    const said = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const connections = new Connections();
    const fastify = fastifyFactory({ serverFactory: connections.serverFactory });
    fastify.setErrorHandler((error, _request, reply) =>
      reply.status(error instanceof MjError ? error.status : 500).send({ description: (error as Error).message }),
    );
    connections.install(fastify);
    installOverloadGuard(fastify, new Shares(), 2);
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    fastify.get('/slow', async () => {
      await finished;
      return { ok: true };
    });
    fastify.get('/health/live', () => ({ ok: true }));
    const url = await fastify.listen({ port: 0, host: '127.0.0.1' });
    const slow = [fetch(`${url}/slow`), fetch(`${url}/slow`)];
    const refused = await refusal(url);
    expect(refused).toEqual({ description: 'overloaded' });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await refusal(url);
    expect(said.mock.calls).toEqual([[{ alarm: 'too many requests at once', why: 'more than 2 under way' }]]);
    finish();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await fetch(`${url}/slow`)).status).toBe(200);
    await fastify.close();
    said.mockRestore();
  });
});

/** The first answer that is a refusal: the slow ones may not have come in yet. */
async function refusal(url: string): Promise<unknown> {
  for (;;) {
    const answer = await fetch(`${url}/slow`, { signal: AbortSignal.timeout(200) }).catch(() => null);
    if (answer?.status === 503) return answer.json();
  }
}
