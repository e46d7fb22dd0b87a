import { useEffect } from 'preact/hooks';
import { call } from '../api/client.ts';
import { connection } from '../api/connection.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Asks whether the gateway and its database are back while they are away, with growing pauses: a page that asks for nothing by
 * itself would else go on saying that they are not.
 */
export function useReconnect(): void {
  const isAway = connection.value !== 'online';
  useEffect(() => {
    if (!isAway) return;
    const stop = new AbortController();
    let pause = FIRST_PAUSE_MS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      timer = setTimeout(() => void ask(), pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
    const ask = async (): Promise<void> => {
      // The answer itself tells `connection`, and this ends.
      await call('GET', '/health/ready', { signal: stop.signal }).catch(() => undefined);
      if (!stop.signal.aborted) wait();
    };
    wait();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [isAway]);
}
