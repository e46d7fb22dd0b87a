import type { INestApplicationContext } from '@nestjs/common';
import { HookDispatcher, type HookLimits } from '#libs/hooks';
import { createApp } from '../../apps/gateway/src/app.setup.js';
import { loadEnvironment } from '../../apps/gateway/src/config/load-environment.js';
import { migrateDatabase } from '../../apps/gateway/src/database/migrate-database.js';
import { runUntilStopped } from '../../apps/gateway/src/startup/run-until-stopped.js';
import { armFailpoint } from './failpoints.js';

/**
 * The gateway as apps/gateway/src/main.ts starts it, and two variables that only the rig sets: CHAOS_FAILPOINT
 * (`name:n`, it dies at the n-th hit) and CHAOS_PROBE_MS (distance of probes of failing receivers, and spread of what
 * they missed; in production 30 s each).
 */
const DATABASE_PATIENCE_MS = 60_000;

const stopEarly = (): never => process.exit(0);
process.once('SIGTERM', stopEarly);
process.once('disconnect', stopEarly);

function arm(app: INestApplicationContext, { CHAOS_FAILPOINT, CHAOS_PROBE_MS }: NodeJS.ProcessEnv): void {
  if (CHAOS_FAILPOINT !== undefined) {
    const [name = '', n = '1'] = CHAOS_FAILPOINT.split(':');
    armFailpoint(app, name, Number(n), () => process.kill(process.pid, 'SIGKILL'));
  }
  if (CHAOS_PROBE_MS !== undefined) {
    const { options } = app.get<{ options: { limits: HookLimits } }>(HookDispatcher, { strict: false });
    Object.assign(options.limits, { probeMs: Number(CHAOS_PROBE_MS), spreadMs: Number(CHAOS_PROBE_MS) });
  }
}

const environment = loadEnvironment();
try {
  await migrateDatabase(environment.DATABASE_URL ?? '', { connectTimeoutMs: DATABASE_PATIENCE_MS });
  const app = await createApp(environment);
  arm(app, process.env);
  await app.listen(environment.PORT, environment.HOST ?? '127.0.0.1');
  process.off('SIGTERM', stopEarly);
  process.off('disconnect', stopEarly);
  runUntilStopped(app);
} catch (error) {
  process.stderr.write(`the gateway could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
