import { Logger } from '@nestjs/common';
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeSection } from '../support/write-section.js';
import type { Attack } from './attack.js';
import { ATTACKS } from './attacks.js';
import { readOptions, USAGE, type SiegeOptions } from './options.js';
import { leftTaken, type Shares } from './shares.js';
import { SiegeStage } from './siege-stage.js';
import { faultsOf, tableOf, type Siege } from './verdict.js';

const DOCUMENT = join(import.meta.dirname, '../../../docs/reliability.md');
const ATTACKER = join(import.meta.dirname, 'attacker-main.js');
/** What was taken must have been given back by then, ms. */
const RECOVERY_MS = 60_000;
/** The good client works alone for so long, so that what it takes by itself is known, ms. */
const QUIET_MS = 4_000;

Logger.overrideLogger(false);

const began = performance.now();
const say = (line: string): void =>
  void process.stdout.write(`[${String(Math.round((performance.now() - began) / 1_000)).padStart(4)} s] ${line}\n`);

/** Runs the attack in its own process; gives what the attacker saw. */
function attackWith(attack: Attack, stage: SiegeStage): Promise<string> {
  const child = fork(ATTACKER, [attack.name, JSON.stringify(stage.target)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), attack.limitMs);
  return new Promise((resolve) => {
    let seen = 'did not end by itself';
    child.on('message', (message) => (seen = JSON.stringify(message)));
    child.once('exit', () => {
      clearTimeout(limit);
      resolve(seen);
    });
  });
}

/** Waits until everything is given back; gives what is not after a minute. */
async function recovered({ victim }: SiegeStage, before: Shares): Promise<string[]> {
  for (const giveUpAt = performance.now() + RECOVERY_MS; ; await sleep(500)) {
    const after = await victim
      .shares()
      .catch((error: unknown) => (error instanceof Error ? error.message : 'no metrics'));
    const left = typeof after === 'string' ? [after] : leftTaken(before, after);
    if (left.length === 0 || victim.exit !== null || performance.now() > giveUpAt) return left;
  }
}

async function besiege(stage: SiegeStage, attack: Attack): Promise<Siege> {
  const { victim, good, limit } = stage;
  await sleep(QUIET_MS);
  const before = await victim.shares();
  await good.report();
  await limit.takePeak();
  const from = performance.now();
  const attacker = await attackWith(attack, stage);
  const report = await good.report();
  const left = await recovered(stage, before);
  return {
    name: attack.name,
    about: attack.about,
    seconds: Math.round((performance.now() - from) / 1_000),
    attacker,
    good: report,
    peakBytes: await limit.takePeak(),
    leftTaken: left,
    readiness: await victim.readiness(),
    exit: victim.exit,
  };
}

async function runAll(options: SiegeOptions): Promise<{ sieges: Siege[]; bound: string }> {
  const stage = await SiegeStage.open(options.cut, say);
  const sieges: Siege[] = [];
  try {
    say(`the gateway has 1 GiB (${stage.limit.kind})`);
    for (const attack of ATTACKS.filter(({ name }) => options.attacks.includes(name))) {
      const siege = await besiege(stage, attack);
      sieges.push(siege);
      const { good, peakBytes } = siege;
      const mib = Math.round(peakBytes / 1_048_576);
      say(
        `${siege.name}: ${siege.seconds} s, good client ${good.requests} requests, p99 ${good.p99} ms, hooks p95 ${good.hookP95} ms, ${mib} MiB; attacker: ${siege.attacker}`,
      );
      for (const fault of faultsOf(siege)) say(`  BROKEN: ${fault}`);
      if (siege.exit !== null) {
        say(`the gateway printed: ${stage.victim.printed.slice(-2_000)}`);
        break;
      }
    }
    return { sieges, bound: stage.limit.kind };
  } finally {
    await stage.close();
  }
}

async function main(): Promise<number> {
  const options = readOptions(
    process.argv.slice(2),
    ATTACKS.map(({ name }) => name),
  );
  const { sieges, bound } = await runAll(options);
  const size = options.cut ? 'the short run' : 'the full run';
  const head = `${new Date().toISOString().slice(0, 10)}, ${size}, ${availableParallelism()} cores for gateway, Postgres, upstream, attacker and good client together, Node ${process.versions.node}, 1 GiB kept by ${bound}.`;
  if (options.write) await writeSection(DOCUMENT, 'siege', tableOf(sieges, head));
  const broken = sieges.filter((siege) => faultsOf(siege).length > 0).map(({ name }) => name);
  const missing = options.attacks.length - sieges.length;
  say(
    broken.length + missing === 0
      ? 'siege: the gateway held'
      : `siege: BROKEN by ${broken.join(', ')}${missing > 0 ? `, ${missing} not tried` : ''}`,
  );
  return broken.length + missing === 0 ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n${USAGE}\n`);
    process.exit(1);
  },
);
