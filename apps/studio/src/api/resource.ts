import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { asFailure, type Failure } from './failure.ts';

/** Something that is read from the gateway: what came last stays on the screen while it is read again or cannot be. */
export interface Resource<Value> {
  value: Value | null;
  failure: Failure | null;
  isLoading: boolean;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/**
 * Reads something when the component appears and whenever `key` changes, aborts what nobody waits for, tries again with growing
 * pauses while the gateway or its database is away, and reads again every `everyMs` where that is given and the page is seen.
 * `everyMs` may depend on what was read: null ends it, as once a task is finished.
 *
 * @param key names what is read; null: nothing
 * @returns the resource, and a function that reads it again now
 */
export function useResource<Value>(
  key: string | null,
  read: (signal: AbortSignal) => Promise<Value>,
  { everyMs }: { everyMs?: number | ((value: Value) => number | null) } = {},
): [ReadonlySignal<Resource<Value>>, () => void] {
  const resource = useSignal<Resource<Value>>({ value: null, failure: null, isLoading: key !== null });
  const turn = useSignal(0);
  useEffect(() => {
    resource.value = { value: null, failure: null, isLoading: key !== null };
  }, [key]);
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause = FIRST_RETRY_MS;
    const again = (ms: number): void => {
      timer = setTimeout(() => void run(), ms);
    };
    const run = async (): Promise<void> => {
      if (document.hidden && resource.value.value !== null) return again(FIRST_RETRY_MS);
      resource.value = { ...resource.value, isLoading: true };
      try {
        const value = await read(stop.signal);
        if (stop.signal.aborted) return;
        resource.value = { value, failure: null, isLoading: false };
        pause = FIRST_RETRY_MS;
        const wait = typeof everyMs === 'function' ? everyMs(value) : (everyMs ?? null);
        if (wait !== null) again(wait);
      } catch (error) {
        if (stop.signal.aborted) return;
        const failure = asFailure(error);
        resource.value = { ...resource.value, failure, isLoading: false };
        if (failure.kind === 'refused' && failure.status < 500 && failure.status !== 429) return;
        again(Math.max(pause, (failure.retryAfter ?? 0) * 1_000));
        pause = Math.min(pause * 2, LONGEST_RETRY_MS);
      }
    };
    void run();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, turn.value]);
  return [resource, () => void (turn.value += 1)];
}
