import { useEffect } from 'preact/hooks';
import type { Schemas } from '../api/client.ts';
import { connection, type ConnectionState } from '../api/connection.ts';
import { GATEWAY_ROOT } from '../api/gateway-url.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
/** An answer that takes longer than this is none: a gateway that hangs keeps its connections open. */
const PATIENCE_MS = 8_000;

/** What /health/ready says where the database is away. */
const DATABASE_IS_AWAY = 'the database does not answer';

/** How the gateway is by its own report. @throws where something else answers, or nothing */
async function reported(signal: AbortSignal): Promise<ConnectionState> {
  const answer = await fetch(new URL('health/ready', GATEWAY_ROOT), { signal });
  const { problems } = (await answer.json()) as Schemas['HealthReport'];
  return problems.includes(DATABASE_IS_AWAY) ? 'database-away' : 'online';
}

/** Asks whether the gateway and its database are there, and tells `connection`. */
async function ask(stop: AbortSignal): Promise<void> {
  try {
    const state = await reported(AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]));
    if (!stop.aborted) connection.value = state;
  } catch {
    // Also where a proxy in front of the gateway answered.
    if (!stop.aborted) connection.value = 'offline';
  }
}

/**
 * Keeps `connection` true on a page that asks for nothing by itself: looks every ten seconds while the page is seen, and more
 * often, with growing pauses, after the gateway or its database went away.
 */
export function useReconnect(): void {
  const isAway = connection.value !== 'online';
  useEffect(() => {
    const stop = new AbortController();
    let pause = isAway ? FIRST_PAUSE_MS : LONGEST_PAUSE_MS;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      timer = setTimeout(() => void look(), pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
    const look = async (): Promise<void> => {
      if (!document.hidden) await ask(stop.signal);
      if (!stop.signal.aborted) wait();
    };
    wait();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [isAway]);
}
