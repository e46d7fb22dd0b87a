import { UpstreamCallError } from '#libs/upstream';
import { findTarget } from './try-upstream/find-target.js';
import { readTryOptions, TRY_USAGE, type TryOptions } from './try-upstream/try-options.js';
import { findingInWords, planInWords, summaryInWords } from './try-upstream/try-words.js';
import { Trial } from './try-upstream/trial.js';
import { exitCodeOf, tryUpstream } from './try-upstream/try-upstream.js';

/** The run could not be made. */
const NOT_RUN = 2;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function run({ wanted, isSure, terms }: TryOptions): Promise<number> {
  const target = await findTarget(wanted);
  say(planInWords(target, terms));
  if (!isSure) {
    say('Nothing was called: --yes makes the calls.');
    return NOT_RUN;
  }
  const trial = new Trial(target, terms);
  try {
    const findings = await tryUpstream(trial, (finding) => say(findingInWords(finding)));
    say(summaryInWords(findings));
    return exitCodeOf(findings);
  } finally {
    await trial.close();
  }
}

try {
  process.exitCode = await run(readTryOptions(process.argv.slice(2)));
} catch (error) {
  const words =
    error instanceof UpstreamCallError
      ? `the upstream does not answer a harmless read: ${error.fault}`
      : error instanceof Error
        ? error.message
        : 'an unknown failure';
  process.stderr.write(`not tried: ${words}\n\n${TRY_USAGE}\n`);
  process.exitCode = NOT_RUN;
}
