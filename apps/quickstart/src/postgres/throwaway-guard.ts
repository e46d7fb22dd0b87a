import { spawn } from 'node:child_process';

/**
 * Ends the server and removes its folder once this process is gone, however it ended (`kill -9` and Ctrl-C too): a
 * small shell in a session of its own waits for the end of a pipe that only this process holds open. $1 is the cluster's
 * home, $2 the folder that was asked for.
 */
const SCRIPT = `
cat >/dev/null
trap '' INT TERM HUP
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -INT "$pid" 2>/dev/null
tries=0
while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
rm -rf "$1" "$2"
`;

/** Watches over a throwaway cluster in `home` until this process dies or calls `release`, and then clears away. */
export function guardThrowaway(home: string, dir: string, searchPath: string): { release(): void } {
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'throwaway-guard', home, dir], {
    detached: true,
    cwd: '/',
    env: { PATH: searchPath },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.unref();
  const pipe = guard.stdin as typeof guard.stdin & { unref?: () => void };
  pipe.on('error', () => undefined);
  pipe.unref?.();
  return { release: () => pipe.destroy() };
}
