import { formatAge, formatCredits, formatNumber, formatSeconds } from '../../../i18n/format.ts';
import { failureWord } from '../../../components/words.ts';
import type { Dossier, Stuck } from './dossier.ts';
import { strings } from './situation-strings.ts';

/** How a task stands, in the reader's language. */
export interface Situation {
  tone: 'neutral' | 'success' | 'danger' | 'warning' | 'info';
  /** What became of it, or why it is where it is. */
  text: string;
  /** What happens next; null: nothing, or it has ended. */
  next: string | null;
}

/** Reasons that are nobody's fault. */
const CALM: ReadonlySet<string> = new Set(['running', 'slot_awaited', 'window_open', 'follows_task', 'hook_pending']);

/** One or two sentences about a task: its end, and what still waits. @param now ms since the epoch */
export function situationOf(dossier: Dossier, now: number): Situation {
  const { stuck } = dossier;
  const ended = dossier.task.finishedAt === null ? null : endOf(dossier);
  if (stuck === null) return ended ?? { ...openSituation(dossier), next: null };
  const text = sentences(ended?.text, reasonOf(stuck, dossier));
  const isCalm = CALM.has(stuck.code);
  const tone = isCalm ? (ended?.tone ?? 'info') : 'warning';
  return { tone, text, next: sentences(sinceOf(stuck, now), nextOf(stuck, now)) };
}

function sentences(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter(Boolean).join(strings.value.gap);
}

function endOf({ task, delivery }: Dossier): Situation {
  const texts = strings.value;
  const { finishedAt, submittedAt, failCode, failReason, refused } = task;
  const seconds = Math.max(0, (Date.parse(finishedAt ?? submittedAt) - Date.parse(submittedAt)) / 1_000);
  const kind = failureWord(failCode ?? '');
  const given = Number(task.price) - Number(task.cost);
  const money =
    Number(task.cost) > 0
      ? texts.kept(formatCredits(task.cost))
      : given > 0
        ? texts.givenBack(formatCredits(given))
        : texts.free;
  const told = delivery?.state === 'delivered' ? texts.told(delivery.host) : '';
  const say = (tone: Situation['tone'], text: string): Situation => ({
    tone,
    text: sentences(text, money, told),
    next: null,
  });
  if (refused) return say('danger', failReason === '' ? texts.declined(kind) : texts.declinedSaid(kind, failReason));
  switch (task.status) {
    case 'SUCCESS':
      return say('success', texts.success(formatSeconds(seconds)));
    case 'CANCEL':
      return say('neutral', texts.cancel);
    default:
      return say('danger', failReason === '' ? texts.failure(kind) : texts.failureSaid(kind, failReason));
  }
}

/** What can be said of an open task by its own row. */
function openSituation({ task }: Dossier): Omit<Situation, 'next'> {
  const texts = strings.value;
  if (task.status === 'MODAL') return { tone: 'info', text: texts.window_open };
  if (task.waiting) return { tone: 'info', text: texts.slot_awaited_next };
  const upstream = task.upstreamName ?? texts.theUpstream;
  return { tone: 'info', text: texts.running(upstream, formatNumber(task.progress)) };
}

function reasonOf(stuck: Stuck, { task, delivery }: Dossier): string {
  const texts = strings.value;
  const upstream = stuck.upstreamName ?? task.upstreamName ?? texts.theUpstream;
  const error = stuck.upstreamError === null ? '' : texts.error(stuck.upstreamError);
  const host = stuck.host ?? delivery?.host ?? '';
  const reasons: Record<string, () => string> = {
    past_deadline: () => texts.past_deadline,
    outcome_unknown: () => texts.outcome_unknown(upstream),
    window_open: () => texts.window_open,
    follows_task: () => texts.follows_task(task.aliasOf ?? ''),
    upstream_misconfigured: () => texts.upstream_misconfigured(upstream, error),
    circuit_open: () => texts.circuit_open(upstream, error),
    no_upstream: () => texts.no_upstream,
    slot_awaited: () => slotSentence(stuck.ahead ?? 0),
    missing_at_upstream: () => texts.missing_at_upstream(upstream),
    picture_awaited: () => texts.picture_awaited(upstream),
    polls_late: () => texts.polls_late(upstream, error),
    running: () => texts.running(upstream, formatNumber(task.progress)),
    receiver_failing: () => texts.receiver_failing(host),
    hook_pending: () => texts.hook_pending(host),
    hook_dead: () => texts.hook_dead(host),
    hook_cancelled: () => texts.hook_cancelled(host),
  };
  return reasons[stuck.code]?.() ?? stuck.code;
}

function slotSentence(ahead: number): string {
  const texts = strings.value;
  if (ahead === 0) return texts.slot_awaited_next;
  return ahead === 1 ? texts.slot_awaited_one : texts.slot_awaited(formatNumber(ahead));
}

function sinceOf({ since, code }: Stuck, now: number): string {
  if (since === null || code === 'hook_dead' || code === 'hook_cancelled') return '';
  return strings.value.since(formatSeconds(Math.max(0, (now - Date.parse(since)) / 1_000)));
}

function nextOf({ next }: Stuck, now: number): string | null {
  const texts = strings.value.next;
  if (next === null) return texts.nothing;
  // What is due may be late by the time that a claim takes: it happens now, not in the past.
  const when = next.at === null || Date.parse(next.at) <= now ? texts.now : formatAge(next.at, now);
  switch (next.what) {
    case 'poll':
      return texts.poll(when);
    case 'look_up':
      return texts.look_up(when);
    case 'send':
      return texts.send;
    case 'window_ends':
      return texts.window_ends(when);
    case 'deadline':
      return texts.deadline(when);
    case 'hook_sending':
      return texts.hook_sending;
    case 'hook_try':
      return texts.hook_try(when);
    default:
      return null;
  }
}
