import { Injectable } from '@nestjs/common';
import { Connections } from '../traffic/connections.js';
import { ReadPermits } from '../traffic/read-permits.js';
import { CUT_REASONS } from '../traffic/request-life.js';
import { Metrics } from './metrics.service.js';

/** Counts connections of clients that were cut, and permits of their reads. */
@Injectable()
export class InboundMetrics {
  constructor(metrics: Metrics, permits: ReadPermits, connections: Connections) {
    for (const reason of CUT_REASONS) metrics.connectionsCut.inc({ reason }, 0);
    connections.onCut((reason) => metrics.connectionsCut.inc({ reason }));
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
}
