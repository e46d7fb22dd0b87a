import { Injectable } from '@nestjs/common';
import { isEnd, PastSendWatch, TaskRepository } from '#libs/tracking';
import { Metrics } from './metrics.service.js';

/** Counts how tasks end, and sends that were not the last or not the only one. */
@Injectable()
export class TaskMetrics {
  constructor(metrics: Metrics, tasks: TaskRepository, pastSends: PastSendWatch) {
    tasks.onSaved(({ status, action, mode, refused, submittedAt, finishedAt }, change) => {
      if (change.endedSend !== null) metrics.sentAgain.inc({ why: change.endedSend.why });
      if (refused || !isEnd(change)) return;
      metrics.finished.inc({ status, action, mode });
      if (status !== 'SUCCESS' || finishedAt === null) return;
      metrics.taskSeconds.observe({ action, mode }, (finishedAt.getTime() - submittedAt.getTime()) / 1_000);
    });
    pastSends.onLate(() => metrics.lateAcceptances.inc());
  }
}
