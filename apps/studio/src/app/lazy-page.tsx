import { lazy } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import type { VNode } from 'preact';
import { connection } from '../api/connection.ts';
import { OFFLINE } from '../api/failure.ts';
import { FailedState } from '../components/states.tsx';

/** A page that cannot be loaded is asked for again this long after the last time at the earliest. */
const RELOAD_MS = 10_000;

/** A page that is loaded when it is first opened; where the gateway is away meanwhile, it comes when that is back. */
export function lazyPage(load: () => Promise<() => VNode>): () => VNode {
  return lazy(() =>
    load().catch(() => {
      connection.value = 'offline';
      return MissingPage;
    }),
  );
}

/**
 * Stands for a page of which a file did not come. Browsers keep the failure of a module, and a newer gateway has other files:
 * only loading Studio anew helps, and nothing of this page is lost by it.
 */
function MissingPage(): VNode {
  const isBack = connection.value !== 'offline';
  useEffect(() => {
    if (!isBack) return;
    const timer = setTimeout(() => location.reload(), Math.max(0, RELOAD_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [isBack]);
  return <FailedState failure={OFFLINE} onRetry={() => location.reload()} />;
}
