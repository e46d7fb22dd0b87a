import { readQuestion, recordsOf, runQuestion, type Question, type SqlResult } from '../../../api/questions.ts';

/** The questions behind the tab, whose answers are read together. */
export const NOW_QUESTIONS = ['now', 'waiting_by_mode', 'upstreams_now', 'stuck_tasks'] as const;
type Asked = (typeof NOW_QUESTIONS)[number];

/** A question with its answer. */
export interface Answered {
  question: Question;
  result: SqlResult;
}

/** An upstream as it stands now. Seconds, ms, shares of 0 to 1; null: not known. */
export interface UpstreamNow {
  name: string;
  kind: string;
  isEnabled: boolean;
  circuit: 'closed' | 'open' | 'half-open';
  /** Class of what only its operator can help with; null: nothing. */
  misconfigured: string | null;
  running: number;
  slots: number;
  calls: number;
  okRatio: number | null;
  p95Ms: number | null;
  lastOkAt: string | null;
  lastError: string | null;
  lastErrorAt: string | null;
}

/** What is in the house now. */
export interface House {
  open: number;
  waiting: number;
  oldestWaitSeconds: number | null;
  succeeded: number;
  failed: number;
  successRatio: number | null;
  hooksPending: number;
  hooksOverdueSeconds: number;
  hooksDead: number;
  waitingByMode: { mode: string; tasks: number }[];
  upstreams: UpstreamNow[];
  /** Ids of tasks that are stuck. */
  stuck: string[];
}

/** What was read, with the questions that were asked. */
export interface HouseReading {
  house: House;
  answers: Record<Asked, Answered>;
}

type Row = Record<string, unknown>;

/** Asks everything that the tab shows. @throws CallFailure */
export async function readHouse(signal: AbortSignal): Promise<HouseReading> {
  const read = await Promise.all(
    NOW_QUESTIONS.map(async (name): Promise<[Asked, Answered]> => {
      const question = await readQuestion(name);
      return [name, { question, result: await runQuestion(name, {}, signal) }];
    }),
  );
  const answers = Object.fromEntries(read) as Record<Asked, Answered>;
  return { answers, house: houseOf(answers) };
}

/** The answers as values. */
export function houseOf(answers: Record<Asked, Pick<Answered, 'result'>>): House {
  const rows = (name: Asked): Row[] => recordsOf(answers[name].result);
  const now = rows('now')[0] ?? {};
  return {
    open: count(now['open_tasks']),
    waiting: count(now['waiting']),
    oldestWaitSeconds: numberOf(now['oldest_wait_seconds']),
    succeeded: count(now['succeeded_1h']),
    failed: count(now['failed_1h']),
    successRatio: numberOf(now['success_ratio_1h']),
    hooksPending: count(now['hooks_pending']),
    hooksOverdueSeconds: count(now['hooks_overdue_seconds']),
    hooksDead: count(now['hooks_dead']),
    waitingByMode: rows('waiting_by_mode').map((row) => ({
      mode: textOf(row['mode']) ?? '',
      tasks: count(row['tasks']),
    })),
    upstreams: rows('upstreams_now').map(upstreamOf),
    stuck: rows('stuck_tasks').map((row) => textOf(row['task_id']) ?? ''),
  };
}

function upstreamOf(row: Row): UpstreamNow {
  const circuit = textOf(row['circuit_state']);
  return {
    name: textOf(row['upstream']) ?? '',
    kind: textOf(row['kind']) ?? '',
    isEnabled: row['enabled'] === true,
    circuit: circuit === 'open' || circuit === 'half-open' ? circuit : 'closed',
    misconfigured: textOf(row['misconfigured']),
    running: count(row['running']),
    slots: count(row['max_concurrency']),
    calls: count(row['calls_15m']),
    okRatio: numberOf(row['ok_ratio_15m']),
    p95Ms: numberOf(row['p95_ms_15m']),
    lastOkAt: textOf(row['last_ok_at']),
    lastError: textOf(row['last_error']),
    lastErrorAt: textOf(row['last_error_at']),
  };
}

function numberOf(cell: unknown): number | null {
  return cell === null || cell === undefined ? null : Number(cell);
}

function count(cell: unknown): number {
  return numberOf(cell) ?? 0;
}

function textOf(cell: unknown): string | null {
  return typeof cell === 'string' ? cell : typeof cell === 'number' ? String(cell) : null;
}
