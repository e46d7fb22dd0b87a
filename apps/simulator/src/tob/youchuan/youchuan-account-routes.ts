import { type FastifyInstance } from 'fastify';
import { TobBody } from '../tob-body.js';
import { type TobDesk } from '../tob-desk.js';
import { Refusal } from '../tob-refusal.js';
import { mountMoodboards } from './moodboard-routes.js';
import { costOf } from './youchuan-job.js';

type Query = Readonly<Record<string, string | undefined>>;

/** Mounts costs, the plan and the test of a callback. An app named `no-plan` has no plan. */
export function mountYouchuanAccount(app: FastifyInstance, desk: TobDesk): void {
  mountMoodboards(app);

  app.get<{ Querystring: Query }>('/costs', (request) => {
    const [pageNo, pageSize] = pageOf(request.query);
    const [since, to] = [momentOf(request.query, 'since') ?? 0, momentOf(request.query, 'to') ?? Infinity];
    const found = desk.newest(Date.now()).filter(({ submitTime }) => submitTime >= since && submitTime <= to);
    const list = found.slice((pageNo - 1) * pageSize, pageNo * pageSize).map((job) => costOf(job));
    return { list, total: found.length, pageNo, pageSize };
  });

  app.get<{ Querystring: Query }>('/cost-monthly', (request) => {
    const [pageNo, pageSize] = pageOf(request.query);
    const months = new Map<string, number>();
    for (const job of desk.newest(Date.now())) {
      const month = new Date(job.submitTime).toISOString().slice(0, 7);
      months.set(month, (months.get(month) ?? 0) + Number(costOf(job).fastCost));
    }
    const all = [...months].map(([month, fastCost]) => ({ month, fastCost, relaxCost: 0, feeCost: 0 }));
    return { list: all.slice((pageNo - 1) * pageSize, pageNo * pageSize), total: all.length, pageNo, pageSize };
  });

  app.post('/callback', (request) => {
    const now = Date.now();
    desk.tell(desk.job(TobBody.of(request.body).text('jobId', 64), now), now);
    return {};
  });

  app.get('/subscribe', (request) => {
    if (request.headers['x-youchuan-app'] === 'no-plan') throw new Refusal('No_Avaliable_Plan', 'the app has no plan');
    return { plan: 'enterprise', concurrent: desk.concurrency, fastRemaining: 100_000, relax: false };
  });
}

function pageOf(query: Query): [number, number] {
  const part = (name: string, most: number): number => {
    const number = Number(query[name] ?? NaN);
    if (!Number.isInteger(number) || number < 1 || number > most)
      throw new Refusal('Invalid_Argument', `${name} must be from 1 to ${most}`);
    return number;
  };
  return [part('pageNo', 1_000), part('pageSize', 500)];
}

/** A moment as epoch seconds, epoch ms or ISO 8601. */
function momentOf(query: Query, name: string): number | null {
  const text = query[name];
  if (text === undefined || text === '') return null;
  const number = Number(text);
  const ms = Number.isFinite(number) ? (number < 1e11 ? number * 1_000 : number) : Date.parse(text);
  if (Number.isNaN(ms)) throw new Refusal('Invalid_Argument', `${name} is no moment`);
  return ms;
}
