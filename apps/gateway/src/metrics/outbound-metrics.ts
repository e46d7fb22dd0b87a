import { Injectable } from '@nestjs/common';
import { HookDispatcher } from '#libs/hooks';
import { CallObserver } from '#libs/upstream';
import { Metrics } from './metrics.service.js';

/** Counts what the gateway calls: upstreams, and receivers of hooks. */
@Injectable()
export class OutboundMetrics {
  constructor(metrics: Metrics, hooks: HookDispatcher, calls: CallObserver) {
    hooks.onAttempt(({ class: kind }) => metrics.hookAttempts.inc({ class: kind }));
    metrics.onScrape(() => {
      for (const [state, places] of Object.entries<number>({ ...hooks.usage() }))
        metrics.hookPlaces.set({ state }, places);
    });
    calls.onCall(({ upstream: { name: upstream, kind }, operation, ms }) =>
      metrics.upstreamSeconds.observe({ upstream, kind, operation }, ms / 1_000),
    );
  }
}
