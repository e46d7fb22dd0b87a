import { Module } from '@nestjs/common';
import { ConverterPool, LinkedInputs, StoreMedium } from '#libs/assets';
import { HookDispatcher } from '#libs/hooks';
import { isEnd, PastSendWatch, TaskRepository } from '#libs/tracking';
import { UpstreamWatch } from '#libs/upstream';
import { ReadPermits } from '../traffic/read-permits.js';
import { Connections } from '../traffic/connections.js';
import { CUT_REASONS } from '../traffic/request-life.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.service.js';

/**
 * What Prometheus reads. The libs know nothing of it: they tell what happens, and this module counts. `imports`: the
 * modules that give HookDispatcher, ConverterPool, LinkedInputs, StoreMedium and PastSendWatch; the rest is global.
 */
@Module({ controllers: [MetricsController], providers: [Metrics], exports: [Metrics] })
export class MetricsModule {
  constructor(
    metrics: Metrics,
    tasks: TaskRepository,
    hooks: HookDispatcher,
    calls: UpstreamWatch,
    converters: ConverterPool,
    inputs: LinkedInputs,
    medium: StoreMedium,
    pastSends: PastSendWatch,
    permits: ReadPermits,
    connections: Connections,
  ) {
    tasks.onSaved(({ status, action, mode, refused, submittedAt, finishedAt }, change) => {
      if (change.endedSend !== null) metrics.sentAgain.inc({ why: change.endedSend.why });
      if (refused || !isEnd(change)) return;
      metrics.finished.inc({ status, action, mode });
      if (status !== 'SUCCESS' || finishedAt === null) return;
      metrics.taskSeconds.observe({ action, mode }, (finishedAt.getTime() - submittedAt.getTime()) / 1_000);
    });
    pastSends.onLate(() => metrics.lateAcceptances.inc());
    for (const reason of CUT_REASONS) metrics.connectionsCut.inc({ reason }, 0);
    connections.onCut((reason) => metrics.connectionsCut.inc({ reason }));
    hooks.onAttempt(({ class: kind }) => metrics.hookAttempts.inc({ class: kind }));
    metrics.onScrape(() => {
      for (const [state, places] of Object.entries<number>({ ...hooks.places() }))
        metrics.hookPlaces.set({ state }, places);
    });
    calls.onCall(({ upstream: { name: upstream }, operation, ms }) =>
      metrics.upstreamSeconds.observe({ upstream, operation }, ms / 1_000),
    );
    watchConverters(metrics, converters);
    metrics.onScrape(() => metrics.storeWritable.set(medium.isWritable ? 1 : 0));
    watchPermits(metrics, permits);
    metrics.onScrape(() => {
      metrics.linkedFetches.set(inputs.fetching);
      metrics.linkedBytes.set(inputs.held);
    });
  }
}

function watchConverters(metrics: Metrics, converters: ConverterPool): void {
  converters.onConversion((result, ms) => {
    metrics.conversions.inc({ result });
    metrics.conversionSeconds.observe(ms / 1_000);
  });
  metrics.onScrape(() => {
    const { running, waiting, memoryBytes, memoryTotal, processes } = converters.state;
    metrics.conversionsNow.set({ state: 'running' }, running);
    metrics.conversionsNow.set({ state: 'waiting' }, waiting);
    metrics.conversionMemory.set({ state: 'taken' }, memoryBytes);
    metrics.conversionMemory.set({ state: 'total' }, memoryTotal);
    metrics.converters.set(processes);
  });
}

function watchPermits(metrics: Metrics, permits: ReadPermits): void {
  metrics.onScrape(() => {
    metrics.permitsRefused.reset();
    for (const [of, { held, waiting, limits, refused }] of Object.entries(permits.all())) {
      metrics.permits.set({ class: of, state: 'held' }, held);
      metrics.permits.set({ class: of, state: 'waiting' }, waiting);
      metrics.permits.set({ class: of, state: 'total' }, limits.total);
      for (const [reason, times] of Object.entries(refused)) metrics.permitsRefused.inc({ class: of, reason }, times);
    }
  });
}
