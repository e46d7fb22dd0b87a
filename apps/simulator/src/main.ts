import { configurationOfProcess } from './config/simulator-config.js';
import { startSimulator } from './simulator.js';

/** Within it the process is gone after a signal, whatever still hangs, ms. */
const STOP_MS = 1_500;

const configuration = configurationOfProcess();
if (configuration.kind === 'wrong') {
  for (const mistake of configuration.mistakes) process.stderr.write(`simulator: ${mistake}\n`);
  process.exit(1);
}

const simulator = await startSimulator(configuration.options).catch((error: unknown) => {
  process.stderr.write(`simulator: cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
process.stdout.write(`simulator: listening on ${simulator.url}\n`);

let stopping = false;
const stop = (): void => {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(0), STOP_MS).unref();
  void simulator.close().finally(() => process.exit(0));
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (process.send !== undefined) {
  process.on('disconnect', stop);
  process.send({ type: 'listening', url: simulator.url });
}
