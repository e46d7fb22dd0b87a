import { type FastifyInstance } from 'fastify';
import { phaseAt } from '../tasks/lifecycle.js';
import { type ArmedFaults } from './armed-faults.js';
import { type TobDesk } from './tob-desk.js';
import { TOB_FAULTS } from './tob-faults.js';

interface Asked {
  Querystring: { text?: string; callback?: string };
}

/**
 * Mounts what no vendor has: what was really accepted, for tests and rigs that count it. `text` and `callback` leave
 * only jobs whose text or callback contains them. Faults can be armed for coming submits: `faults` as in the header,
 * `operation` (any by default), `times` (1 by default). No secret is asked for.
 */
export function mountTruth(app: FastifyInstance, name: string, desk: TobDesk, armed: ArmedFaults): void {
  app.get(`/simulator/${name}/faults`, () => TOB_FAULTS);
  app.post<{ Body: Partial<{ faults: string; operation: string; times: number }> | null }>(
    `/simulator/${name}/faults`,
    async (request, reply) => {
      const { faults = '', operation = null, times = 1 } = request.body ?? {};
      const unknown = armed.arm(faults, operation, times);
      return unknown === null
        ? reply.send({ armed: faults })
        : reply.code(400).send({ error: `no fault is named ${unknown}` });
    },
  );
  app.delete(`/simulator/${name}/faults`, () => {
    armed.disarm();
    return { armed: null };
  });
  app.get<Asked>(`/simulator/${name}/accepted`, (request) => {
    const { text = '', callback = '' } = request.query;
    const now = Date.now();
    const jobs = desk
      .accepted()
      .filter((job) => job.text.includes(text) && (job.notifyHook ?? '').includes(callback))
      .map((job) => ({
        id: job.id,
        operation: job.operation,
        parentId: job.parentId,
        text: job.text,
        callback: job.notifyHook,
        status: phaseAt(job, now).status,
        submitTime: job.submitTime,
      }));
    return { count: jobs.length, jobs };
  });
}
