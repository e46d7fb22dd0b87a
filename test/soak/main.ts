import { Logger } from '@nestjs/common';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { residentBytes } from '../siege/memory-limit.js';
import { SiegeStage } from '../siege/siege-stage.js';
import { writeSection } from '../support/write-section.js';
import { trendOf, type Sample, type Trend } from './trend.js';

const USAGE = 'npm run soak -- [--minutes n] [--warm-up n] [--write]';
const DOCUMENT = join(import.meta.dirname, '../../../docs/reliability.md');
const SAMPLE_MS = 30_000;
/** A slope of the resident set above this is a leak, bytes an hour. */
const SLOPE_LIMIT = 10 * 1_048_576;

Logger.overrideLogger(false);

const began = performance.now();
const say = (line: string): void =>
  void process.stdout.write(`[${String(Math.round((performance.now() - began) / 60_000)).padStart(4)} min] ${line}\n`);

async function look(stage: SiegeStage, client: pg.Client, at: number): Promise<Sample> {
  const { pid } = stage.victim;
  const { rows } = await client.query<{ n: string }>(
    'select coalesce(sum(n_dead_tup), 0) as n from pg_stat_user_tables',
  );
  return {
    at,
    rss: await residentBytes(pid),
    descriptors: (await readdir(`/proc/${pid}/fd`)).length,
    threads: await stage.victim.threads(),
    deadRows: Number(rows[0]?.n ?? 0),
  };
}

const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(1);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '120' },
      'warm-up': { type: 'string', default: '20' },
      write: { type: 'boolean', default: false },
    },
  });
  const [minutes, warmUp] = [Number(values.minutes), Number(values['warm-up'])];
  if (!(minutes > warmUp && warmUp >= 0)) throw new Error('--minutes must be more than --warm-up');
  const stage = await SiegeStage.open(true, say);
  const client = new pg.Client({ connectionString: stage.postgres.url, application_name: 'journeyman-soak' });
  await client.connect();
  const samples: Sample[] = [];
  let requests = 0;
  let refusals = 0;
  try {
    await stage.good.report();
    const from = performance.now();
    for (let elapsed = 0; elapsed <= minutes * 60_000; elapsed = performance.now() - from) {
      const sample = await look(stage, client, elapsed);
      samples.push(sample);
      const report = await stage.good.report();
      requests += report.requests;
      refusals += report.refusals;
      if (stage.victim.exit !== null) throw new Error(`the gateway ended: ${stage.victim.exit}`);
      if (samples.length % 10 === 1)
        say(
          `${mib(sample.rss)} MiB, ${sample.descriptors} descriptors, ${sample.threads} threads, ${sample.deadRows} dead rows, p99 ${report.p99} ms, ${report.refusals} refusals`,
        );
      await sleep(SAMPLE_MS);
    }
  } finally {
    await client.end();
    await stage.close();
  }
  const trend = (figure: (sample: Sample) => number): Trend => trendOf(samples, figure, warmUp * 60_000);
  const rss = trend((sample) => sample.rss);
  const plain = ({ first, last, largest, perHour }: Trend): string =>
    `| ${first} | ${last} | ${largest} | ${perHour.toFixed(1)} |`;
  const table = [
    `${new Date().toISOString().slice(0, 10)}, \`npm run soak -- --minutes ${minutes} --warm-up ${warmUp}\`: ${availableParallelism()} cores, Node ${process.versions.node}, ${requests} requests of four clients, ${refusals} refused.`,
    '',
    '| figure, after the warm-up | first | last | largest | slope an hour |',
    '| --- | --- | --- | --- | --- |',
    `| resident set, MiB | ${mib(rss.first)} | ${mib(rss.last)} | ${mib(rss.largest)} | ${mib(rss.perHour)} |`,
    `| descriptors ${plain(trend((sample) => sample.descriptors))}`,
    `| threads ${plain(trend((sample) => sample.threads))}`,
    `| dead rows ${plain(trend((sample) => sample.deadRows))}`,
  ].join('\n');
  process.stdout.write(`${table}\n`);
  if (values.write) await writeSection(DOCUMENT, 'soak', table);
  const holds = rss.perHour < SLOPE_LIMIT && refusals === 0;
  say(holds ? 'soak: level' : 'soak: BROKEN, the resident set grows or requests were refused');
  return holds ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n${USAGE}\n`);
    process.exit(1);
  },
);
