import { Module } from '@nestjs/common';
import { DrainState } from './drain-state.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

/** Live and ready. */
@Module({ controllers: [HealthController], providers: [DrainState, HealthService], exports: [DrainState] })
export class HealthModule {}
