import { setTimeout as sleep } from 'node:timers/promises';
import type { UpstreamRecord } from '../history.js';
import { findNotDone } from '../invariants.js';
import { promptOf, type Work } from '../load-client.js';
import type { Scenario, Size } from '../scenario.js';
import { picturesOf } from '../small-pictures.js';
import type { Stage } from '../stage.js';
import { VENDOR_KINDS } from '../vendors.js';
import type { VendorUpstream } from '../vendor-upstream.js';

/** Of so many requests one is a blend, one an edit, one a describe; the others are imagines. */
const EVERY = 12;
/** How long each of the three is away, and how long all are there in between, ms. */
const AWAY_MS = { full: 20_000, cut: 5_000 };
const BACK_MS = 2_000;
const FIRST = 6;

/**
 * A pool of every kind, of which three are away in turn. What hangs takes nothing in, and its list proves it; the process
 * that is killed answers its last submit first: what was lost there without a trace could not end in SUCCESS.
 */
export const DIALECTS: Scenario = {
  name: 'dialects',
  about:
    'a pool of all four kinds, of which one hangs, the process of one is killed and one refuses connections, in turn; imagine, blend, edits, describe',
  tasks: { full: 500, cut: 60 },
  stage: ({ isCut }) => ({
    gateways: isCut ? 1 : 2,
    receivers: 3,
    slots: 6,
    workMs: [500, 1_500],
    inFlight: 4,
    vendors: ['midjourney-proxy', ...VENDOR_KINDS],
    ownProcesses: true,
    workOf: mixedWork,
    settings: { SUBMIT_SETTLE_MS: '120000' },
  }),
  promises: findNotDone,
  drive: async (stage, size) => {
    const first = await sendFirst(stage, size);
    await Promise.all([dieInTurn(stage, size), sendSlowly(stage, size, size.tasks - first)]);
    return ({ rows, upstreamTasks }) => ({
      'done by': sharesOf(upstreamTasks),
      'sent again, once proven not taken': rows.reduce((sum, { resends }) => sum + resends, 0),
    });
  },
};

function sharesOf(works: readonly UpstreamRecord[]): string {
  const kinds = works.map(({ kind }) => kind);
  return [...new Set(kinds)].map((kind) => `${kind} ${kinds.filter((one) => one === kind).length}`).join(', ');
}

function mixedWork(request: number): Work {
  const [one, other] = picturesOf(request);
  switch (request % EVERY) {
    case 3:
      return { path: '/submit/blend', body: { base64Array: [one, other] } };
    case 6:
      return { path: '/submit/edits', body: { prompt: promptOf(request), image: one } };
    case 9:
      return { path: '/submit/describe', body: { base64: one } };
    default:
      return { path: '/submit/imagine', body: { prompt: promptOf(request) } };
  }
}

/**
 * Sends until each upstream has taken something in: a list without anything of ours from before a send proves nothing about
 * that send. Gives how many were sent.
 */
async function sendFirst({ clients, vendors }: Stage, { tasks }: Size): Promise<number> {
  let sent = 0;
  while (sent < tasks / 2 && vendors.some(({ counts }) => counts.submits === 0)) {
    await clients.run(FIRST);
    sent += FIRST;
  }
  return sent;
}

/** In equal parts over the time of the deaths, so that each of them finds work. */
async function sendSlowly({ clients }: Stage, { isCut }: Size, tasks: number): Promise<void> {
  const parts = 12;
  const restMs = (3 * (AWAY_MS[isCut ? 'cut' : 'full'] + BACK_MS)) / parts;
  for (let part = 1; part <= parts; part += 1) {
    const count = Math.round((tasks * part) / parts) - Math.round((tasks * (part - 1)) / parts);
    await Promise.all([clients.run(count), sleep(restMs)]);
  }
}

async function dieInTurn({ vendors }: Stage, { isCut }: Size): Promise<void> {
  const away = AWAY_MS[isCut ? 'cut' : 'full'];
  const [proxy, youchuan, legnext] = vendors;
  const deaths: [VendorUpstream | undefined, (vendor: VendorUpstream) => Promise<void>][] = [
    [proxy, (vendor) => vendor.become('hanging')],
    [youchuan, (vendor) => vendor.die()],
    [legnext, (vendor) => vendor.become('refusing')],
  ];
  for (const [vendor, die] of deaths) {
    if (vendor === undefined) throw new Error('there are not enough upstreams');
    await sleep(BACK_MS);
    await die(vendor);
    await sleep(away);
    await vendor.rise();
  }
}
