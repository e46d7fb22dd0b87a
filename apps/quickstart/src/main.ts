import { fileURLToPath } from 'node:url';

import { readQuickstartConfig } from './config/quickstart-config.js';
import { runQuickstart } from './quickstart.js';

const programOf = (app: string): string => fileURLToPath(new URL(`../../${app}/src/main.js`, import.meta.url));

async function main(): Promise<number> {
  const parsed = readQuickstartConfig();
  if (parsed.kind === 'invalid') {
    process.stderr.write(`${parsed.problems.join('\n')}\n`);
    return 1;
  }
  // A reader of our output that goes away (`npm start | head`) must not end this process before its children.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const say = (text: string): void => void process.stdout.write(text);

  const stop = new AbortController();
  let saidAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Under npm one Ctrl-C arrives twice: from the terminal and passed on by npm.
      const again = performance.now() - saidAt > 500;
      if (!stop.signal.aborted) say(`\nStopping (${signal}): the gateway finishes what it has begun.\n`);
      else if (again) say('Still stopping.\n');
      saidAt = performance.now();
      stop.abort();
    });
  }
  return runQuickstart({
    config: parsed.config,
    programs: { gateway: programOf('gateway'), simulator: programOf('simulator') },
    stop: stop.signal,
    say,
    warn: (text) => void process.stderr.write(text),
  });
}

process.exit(await main());
