import { findGivenUp, countExtras } from './invariants.js';
import type { History } from './history.js';

/** What was measured, by what it is; printed, never asserted. */
export type Figures = Readonly<Record<string, string | number>>;

/** What is measured of every scenario. */
export function commonFigures(history: History): Figures {
  const { clients, rows, arrivals } = history;
  const acknowledged = clients.filter(({ taskId }) => taskId !== null);
  const { extra, different } = countExtras(arrivals);
  return {
    requests: clients.length,
    acknowledged: acknowledged.length,
    'tries per request': (clients.reduce((sum, { tries }) => sum + tries, 0) / Math.max(1, clients.length)).toFixed(2),
    'slowest answer': seconds(Math.max(0, ...acknowledged.map(({ ms }) => ms))),
    succeeded: rows.filter(({ status }) => status === 'SUCCESS').length,
    'outcome unknown': rows.filter(({ failCode }) => failCode === 'outcome_unknown').length,
    'given up, yet worked on': findGivenUp(history).length,
    hooks: different,
    'hooks once more': percent(extra, different),
  };
}

/** From the end of a task to its hook, ms, of the receivers that `isOf` names. */
export function hookDelays({ rows, arrivals }: History, isOf: (receiver: string) => boolean): number[] {
  const finished = new Map(rows.map(({ id, finishedAt }) => [id, finishedAt]));
  const told = new Set<string>();
  return arrivals.flatMap(({ taskId, terminal, receiver, at }) => {
    const end = finished.get(taskId) ?? null;
    if (!terminal || end === null || told.has(taskId) || !isOf(receiver)) return [];
    told.add(taskId);
    return [Math.max(0, at - end)];
  });
}

/** The value below which the share `p` (0 to 1) of the others lies; 0 of none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0;
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

export function percent(part: number, whole: number): string {
  return `${whole === 0 ? '0.0' : ((100 * part) / whole).toFixed(1)} %`;
}
