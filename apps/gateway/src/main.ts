import { register } from 'node:module';
import { FEWEST_DESCRIPTORS, readDescriptorLimit } from './startup/descriptor-limit.js';

// No other static import: loading more modules may need more descriptors than the process has.

/** With fewer descriptors than this, modules are loaded one after the other. */
const ENOUGH_TO_LOAD = 2_048;

/** Ends the process during start: nothing is open yet that would have to be drained. */
const stopEarly = (): never => process.exit(0);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stopEarly);

const descriptors = await readDescriptorLimit();
if (descriptors !== null && descriptors < FEWEST_DESCRIPTORS) {
  process.stderr.write(
    `the gateway could not start: ${descriptors} descriptors (ulimit -n) are too few: ` +
      `at least ${FEWEST_DESCRIPTORS} are needed, 65536 are good\n`,
  );
  process.exit(1);
}
if (descriptors !== null && descriptors < ENOUGH_TO_LOAD) register('./startup/sequential-loader.js', import.meta.url);
const { start } = await import('./startup/start.js');
await start(descriptors, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, stopEarly);
});
