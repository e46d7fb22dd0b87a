import { type FastifyInstance } from 'fastify';
import { phaseAt } from '../tasks/lifecycle.js';
import { type TobDesk } from './tob-desk.js';
import { TOB_FAULTS } from './tob-faults.js';

interface Asked {
  Querystring: { text?: string; callback?: string };
}

/**
 * Mounts what no vendor has: what was really accepted, for tests and rigs that count it. `text` and `callback` leave
 * only jobs whose text or callback contains them. No secret is asked for.
 */
export function mountTruth(app: FastifyInstance, name: string, desk: TobDesk): void {
  app.get(`/simulator/${name}/faults`, () => TOB_FAULTS);
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
