import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator } from '../../../apps/simulator/src/simulator.js';
import { seedDatabase } from '../../../apps/tools/src/seed/seed-database.js';
import type { Bench, Row } from '../bench.js';
import { bound, median, type Figure } from '../figures.js';
import { clientHeaders, install, type Installation } from '../installation.js';
import { StudioPage } from '../studio-browser.js';

const TASKS = 5_000;
/** An hour of a busy key, in minutes: tasks, whose changes add up to this at least. */
const CHANGES = 3_600;
const RUN_MS = 1_500;
const AT_ONCE = 24;
/** px a second, as a thumb flings a list. */
const SPEED = 2_500;
/** Enough for the list to be as long as it is ever kept at its top. */
const WARM_TASKS = 450;

/** Studio in a real browser: when it can be used, how it scrolls, and what a page holds that is left open. */
export const STUDIO: Row = {
  name: 'studio',
  run: async (bench) => {
    const simulator = await startSimulator({
      dir: await bench.folder(),
      runMs: RUN_MS,
      concurrency: AT_ONCE,
      queue: 1_000,
    });
    bench.onClose(() => simulator.close());
    const settings = { POLL_MIN_MS: '100', REQUESTS_PER_MINUTE: '100000' };
    const installation = await install(bench, { upstreamUrl: simulator.url, settings });
    await seedDatabase(installation.sql, { tasks: TASKS, days: 90, force: false, presentedKeys: [installation.key] });
    const { url } = await bench.gateway(installation.environment);
    const studio = await StudioPage.start(bench, url, installation.key);
    return [
      await opened(bench, studio, `${url}/studio/create`, 'create'),
      await opened(bench, studio, `${url}/studio/gallery`, 'gallery'),
      ...(await scrolled(bench, studio)),
      ...(await leftOpen(bench, studio, { url, installation })),
    ];
  },
};

async function opened(bench: Bench, studio: StudioPage, link: string, name: string): Promise<Figure> {
  const rounds: number[] = [];
  await studio.open(link);
  for (let round = 0; round < bench.size.rounds; round += 1) rounds.push((await studio.open(link)) / 1_000);
  const row = `studio: ${name} can be used after`;
  const note = 'from asking for the page to its first field or card, with the thread at rest; from the cache';
  return bound({ row, ours: median(rounds), unit: 's', rounds: rounds.length, atMost: 1, note });
}

async function scrolled(bench: Bench, studio: StudioPage): Promise<Figure[]> {
  const drawn: number[] = [];
  const main: number[] = [];
  for (let round = 0; round < bench.size.rounds; round += 1) {
    const frames = await studio.scroll(SPEED * Math.max(3, bench.size.seconds), SPEED);
    bench.say(
      `  round ${round + 1}: ${frames.drawn.toFixed(1)} frames/s, ${frames.main.toFixed(1)} of the page's thread`,
    );
    drawn.push(frames.drawn);
    main.push(frames.main);
  }
  const figure = { floor: null, ratio: null, cpuRatio: null, unit: 'frames/s', rounds: drawn.length };
  const cards = await studio.page.locator('[data-task]').count();
  return [
    {
      ...figure,
      row: `studio: a gallery of ${TASKS.toLocaleString('en-GB')} tasks scrolls at`,
      ours: median(drawn),
      reach: '≥ 50',
      holds: median(drawn) >= 50,
      note: `${SPEED.toLocaleString('en-GB')} px/s, drawn without a graphics card; ${median(main).toFixed(0)} frames/s of the page's own thread; ${cards} cards are in the document`,
    },
  ];
}

async function leftOpen(
  bench: Bench,
  studio: StudioPage,
  { url, installation }: { url: string; installation: Installation },
): Promise<Figure[]> {
  await studio.page.goto(`${url}/studio/gallery`);
  await studio.page.locator('[data-task]').first().waitFor();
  await make(url, installation, WARM_TASKS);
  const before = await studio.held();
  const from = await changesOf(installation);
  let changes = 0;
  while (changes < CHANGES * bench.size.share) {
    await make(url, installation, 100);
    changes = (await changesOf(installation)) - from;
  }
  const after = await studio.held();
  bench.say(`  ${changes} changes: ${JSON.stringify(before)} → ${JSON.stringify(after)}`);
  const note = `${changes.toLocaleString('en-GB')} changes of tasks later, garbage collected before and after`;
  return [
    bound({
      row: 'studio: JS heap of a gallery left open, beside before',
      ours: after.heapMb / before.heapMb,
      unit: '×',
      rounds: 1,
      atMost: 1.1,
      note: `${before.heapMb.toFixed(1)} MB, then ${after.heapMb.toFixed(1)} MB; ${note}`,
    }),
    bound({
      row: 'studio: DOM nodes of a gallery left open, beside before',
      ours: after.nodes / before.nodes,
      unit: '×',
      rounds: 1,
      atMost: 1.1,
      note: `${before.nodes}, then ${after.nodes}; listeners ${before.listeners}, then ${after.listeners}`,
    }),
  ];
}

/** Makes so many pictures, and waits for the last. */
async function make(url: string, installation: Installation, count: number): Promise<void> {
  const headers = { ...clientHeaders(installation), 'content-type': 'application/json' };
  const began = new Date();
  for (let at = 0; at < count; at += 1) {
    const body = JSON.stringify({ prompt: `a fern, number ${at} [sim:small]` });
    const answer = await fetch(`${url}/mj/submit/imagine`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (!/"code":(?:1|22),/.test(text)) throw new Error(`The submit was refused: ${text}`);
    await sleep(20);
  }
  for (;;) {
    const { rows } = await installation.sql.query<{ open: string }>(
      'select count(*) as open from task where api_key_id = $1 and finished_at is null and submitted_at >= $2',
      // The seed has tasks that never end.
      [installation.keyId, began],
    );
    if (Number(rows[0]?.open) === 0) return;
    await sleep(200);
  }
}

/** How often the key's tasks changed. */
async function changesOf({ sql, keyId }: Installation): Promise<number> {
  const { rows } = await sql.query<{ sum: string }>('select sum(version) as sum from task where api_key_id = $1', [
    keyId,
  ]);
  return Number(rows[0]?.sum ?? 0);
}
