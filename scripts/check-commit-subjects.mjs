// Holds the subjects of new commits to CONTRIBUTING: conventional, at most 72 characters. Older history is left as it is.
import { spawnSync } from 'node:child_process';

/** The last commit before the rule. */
const SINCE = 'dbda69f4b03efec65e2522c3b995ab438b944886';
const LONGEST = 72;
const SUBJECT =
  /^(?:build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test)(?:\([a-z0-9][a-z0-9/_.-]*\))?!?: \S.*[^.\s]$/;

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  return status === 0 ? stdout : null;
}

function main() {
  if (git('merge-base', '--is-ancestor', SINCE, 'HEAD') === null) {
    console.log('left out: this copy does not hold the history that the check needs');
    return 0;
  }
  const lines = (git('log', '--no-merges', '--format=%h %s', `${SINCE}..HEAD`) ?? '').split('\n').filter(Boolean);
  const bad = lines.filter((line) => {
    const subject = line.slice(line.indexOf(' ') + 1);
    return !SUBJECT.test(subject) || [...subject].length > LONGEST;
  });
  for (const line of bad) console.error(`not a conventional subject of at most ${LONGEST} characters: ${line}`);
  console.log(`${lines.length} subjects looked at`);
  return bad.length === 0 ? 0 : 1;
}

process.exitCode = main();
