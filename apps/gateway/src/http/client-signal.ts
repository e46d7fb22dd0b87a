import type { FastifyReply } from 'fastify';

/** Aborted when the client is gone, or has its answer: from then on nothing is waited for on its behalf. */
export function clientSignal({ raw }: FastifyReply): AbortSignal {
  const abort = new AbortController();
  if (raw.destroyed) abort.abort();
  else raw.once('close', () => abort.abort());
  return abort.signal;
}
