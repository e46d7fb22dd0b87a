import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { call, type Schemas } from '../../api/client.ts';
import { asFailure, type Failure } from '../../api/failure.ts';
import { fromLocalInput, toLocalInput } from '../../i18n/local-input.ts';

type Replayed = Schemas['ReplayedDto'];
type HookState = NonNullable<Schemas['ReplayDto']['state']>;

/** A replay of a receiver's hooks that is being set up. */
export interface Replay {
  /** As a field of local time has it. */
  since: Signal<string>;
  /** '' : hooks of any state. */
  state: Signal<HookState | ''>;
  /** What was counted; null: nothing yet, or something else was chosen since. */
  counted: ReadonlySignal<Replayed | null>;
  isBusy: ReadonlySignal<boolean>;
  /** Whether `since` is a time. */
  hasTime: boolean;
  choose: (change: { since?: string; state?: HookState | '' }) => void;
  /** Counts first; once hooks were counted, sends these. */
  go: () => void;
}

/** Counts the hooks of a receiver since a time, and sends those that were counted. @param spanMs how far back it begins */
export function useReplay({
  host,
  spanMs,
  onSent,
  onFailure,
}: {
  host: string;
  spanMs: number;
  onSent: (count: number) => void;
  /** Null: another try began. */
  onFailure: (failure: Failure | null) => void;
}): Replay {
  const since = useSignal(toLocalInput(new Date(Date.now() - spanMs).toISOString()));
  const state = useSignal<HookState | ''>('dead');
  const counted = useSignal<Replayed | null>(null);
  const isBusy = useSignal(false);
  const from = fromLocalInput(since.value);
  const ask = async (dryRun: boolean): Promise<void> => {
    isBusy.value = true;
    onFailure(null);
    try {
      const until = counted.value?.until;
      const body = {
        since: from,
        host,
        dryRun,
        ...(state.value === '' ? {} : { state: state.value }),
        // What was counted is what is sent: hooks that were tried meanwhile are left alone.
        ...(dryRun || until === undefined ? {} : { until }),
      };
      const answer = await call<Replayed>('POST', '/admin/hooks/replay', { body });
      if (dryRun) counted.value = answer;
      else onSent(answer.count);
    } catch (error) {
      onFailure(asFailure(error));
    } finally {
      isBusy.value = false;
    }
  };
  return {
    since,
    state,
    counted,
    isBusy,
    hasTime: from !== '',
    choose: (change) => {
      if (change.since !== undefined) since.value = change.since;
      if (change.state !== undefined) state.value = change.state;
      counted.value = null;
    },
    go: () => void ask((counted.value?.count ?? 0) === 0),
  };
}
