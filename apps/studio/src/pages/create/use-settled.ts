import { useEffect } from 'preact/hooks';

/**
 * Runs something a while after `key` last changed, with a signal that is aborted when it changes again or the component goes.
 *
 * @param key null: nothing is run
 */
export function useSettled(key: string | null, ms: number, run: (signal: AbortSignal) => Promise<void>): void {
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    const timer = setTimeout(() => void run(stop.signal), ms);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key]);
}
