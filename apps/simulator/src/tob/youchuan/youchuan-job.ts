import { phaseAt } from '../../tasks/lifecycle.js';
import { linksOf } from '../job-links.js';
import { type TobRecord } from '../tob-record.js';

const WITHHELD = '图片未通过审核';
const FAST_COSTS: Partial<Record<TobRecord['operation'], number>> = { 'video-diffusion': 8, 'extend-video': 8 };

/** What a job cost, as it stands in the job and in the list of costs. */
export function costOf(job: TobRecord): Record<string, unknown> {
  return {
    jobId: job.id,
    fastCost: FAST_COSTS[job.operation] ?? 1,
    relaxCost: 0,
    feeCost: 0,
    costAt: new Date(job.submitTime).toISOString(),
  };
}

/** A job as submits, reads and callbacks give it. */
export function youchuanJob(
  job: TobRecord,
  now: number,
  base: string,
  linksHidden: boolean,
): Readonly<Record<string, unknown>> {
  const { status, percent } = phaseAt(job, now);
  const done = status === 'SUCCESS';
  const failed = status === 'FAILURE';
  const running = percent !== null && percent > 0;
  const withheld = new Set(job.faults.withheld ?? []);
  const links = done && !linksHidden ? linksOf(job, base) : [];
  return {
    id: job.id,
    text: job.text,
    urls: links.map((link, at) => (withheld.has(at) ? '' : link)),
    status: done ? 2 : failed ? 3 : numberOr(job.faults.status, 1),
    comment: job.faults.comment ?? (done ? '执行成功' : failed ? job.faults.fail : running ? '执行中' : 'Created'),
    cost: done || failed ? costOf(job) : null,
    audits: links.map((_, at) => (withheld.has(at) ? WITHHELD : '')),
    seed: job.seed,
  };
}

const numberOr = (text: string | undefined, otherwise: number): number =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : otherwise;
