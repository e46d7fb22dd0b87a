import { Module } from '@nestjs/common';
import { InboundMetrics } from './inbound-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.service.js';
import { OutboundMetrics } from './outbound-metrics.js';
import { PictureMetrics } from './picture-metrics.js';
import { TaskMetrics } from './task-metrics.js';
import { WorkbenchMetrics } from './workbench-metrics.js';

/**
 * What Prometheus reads. The libs know nothing of it: they tell what happens, and this module counts. `imports`:
 * DatabaseModule, UpstreamModule, HooksModule, AssetsModule, TrackingModule, ReportsModule.
 */
@Module({
  controllers: [MetricsController],
  providers: [Metrics, InboundMetrics, OutboundMetrics, PictureMetrics, TaskMetrics, WorkbenchMetrics],
  exports: [Metrics],
})
export class MetricsModule {}
