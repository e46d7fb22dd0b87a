import { type FastifyInstance } from 'fastify';
import { phaseAt } from '../../tasks/lifecycle.js';
import { type TobDesk } from '../tob-desk.js';
import { pointsOf, statusOf } from './legnext-task.js';

const ACCOUNT = 48_151;
/** What an account begins with, points. */
const POINTS = 1_000_000;

/** Mounts the account: what is left, what runs. */
export function mountLegnextAccount(app: FastifyInstance, desk: TobDesk): void {
  const left = (now: number): number =>
    POINTS -
    desk.newest(now).reduce((sum, job) => sum + (phaseAt(job, now).status === 'SUCCESS' ? pointsOf(job) : 0), 0);

  app.get('/account/balance', () => {
    const now = Date.now();
    return {
      code: 200,
      data: {
        account_id: ACCOUNT,
        balance_usd: left(now) / 1_000,
        available_credits: left(now),
        available_points: left(now),
        alert_threshold: 0,
        low_balance_alert: false,
        updated_at: new Date(now).toISOString(),
      },
      message: 'success',
    };
  });

  app.get('/account/active_tasks', () => {
    const now = Date.now();
    const tasks = desk.unfinished(now).map((job) => ({
      job_id: job.id,
      task_type: job.operation,
      status: statusOf(job, now),
      created_at: new Date(job.submitTime).toISOString(),
      progress: phaseAt(job, now).percent ?? 0,
      estimated_time: Math.ceil(job.runMs / 1_000),
    }));
    return {
      account_id: ACCOUNT,
      total_active: tasks.length,
      concurrent_limit: desk.concurrency,
      tasks,
      updated_at: new Date(now).toISOString(),
    };
  });

  app.get('/account/info', () => ({
    code: 200,
    data: { account_id: ACCOUNT, plan: 'pro', concurrent_limit: desk.concurrency },
    message: 'success',
  }));
}
