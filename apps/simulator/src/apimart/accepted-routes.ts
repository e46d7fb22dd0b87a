import { type FastifyInstance } from 'fastify';
import { type TaskStore } from '../tasks/task-store.js';
import { APIMART_FAULTS } from './apimart-faults.js';
import { type ApimartRecord } from './apimart-record.js';

interface ByPrompt {
  Querystring: { prompt?: string };
}

/**
 * Mounts what no vendor has, for tests: `GET /apimart/accepted?prompt=…` counts what was accepted, answered or not, whose
 * prompt as it was sent contains a text. This dialect carries no mark of the client's, so that only the prompt tells.
 */
export function mountAccepted(scope: FastifyInstance, store: TaskStore<ApimartRecord>): void {
  scope.get('/apimart/faults', () => APIMART_FAULTS);
  scope.get<ByPrompt>('/apimart/accepted', (request) => {
    const { prompt = '' } = request.query;
    const found = store.all().filter(({ sent, prompt: read }) => `${sent ?? ''}\n${read}`.includes(prompt));
    return {
      count: found.length,
      tasks: found.map((task) => ({
        id: task.id,
        action: task.action,
        parent_id: task.parentId,
        prompt: task.sent,
        submitted_at: task.submitTime,
        modal_at: task.window?.confirmedAt ?? null,
      })),
    };
  });
}
