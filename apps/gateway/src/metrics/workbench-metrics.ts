import { Injectable } from '@nestjs/common';
import { Workbench } from '../reports/sql/workbench.js';
import { Metrics } from './metrics.service.js';

/** Shows the connections of questions and free SQL beside those of the gateway. */
@Injectable()
export class WorkbenchMetrics {
  constructor(metrics: Metrics, workbench: Workbench) {
    metrics.onScrape(() => {
      for (const [pool, { busy, idle, waiting }] of Object.entries(workbench.connections)) {
        metrics.connections.set({ pool, state: 'busy' }, busy);
        metrics.connections.set({ pool, state: 'idle' }, idle);
        metrics.connections.set({ pool, state: 'waiting' }, waiting);
      }
    });
  }
}
