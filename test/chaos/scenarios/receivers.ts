import { setTimeout as sleep } from 'node:timers/promises';
import { hookDelays, percentile, seconds } from '../figures.js';
import type { History } from '../history.js';
import type { HookReceiver } from '../hook-receivers.js';
import { CUT_LOAD_MS, sendAll, type Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** One of so many requests goes to the receiver that hangs, and one to the receiver that is down. */
const SHARE = 6;
/** How long they are away in a full run: the ten minutes of the promise. */
const DOWN_MS = 600_000;

/** M-51, M-55: one receiver hangs, one is away; the others must not notice, and those two must miss nothing. */
export const RECEIVERS: Scenario = {
  name: 'receivers',
  about: '50 receivers are healthy, one hangs on every call, one is down for a while; then both come back',
  tasks: { full: 6_000, cut: 300 },
  stage: ({ isCut }) => ({
    gateways: isCut ? 1 : 2,
    receivers: 50,
    slots: 200,
    workMs: [300, 1_500],
    inFlight: 16,
    // Real receivers are probed every 30 s; the full run does not shorten that.
    ...(isCut ? { probeMs: 4_000 } : {}),
    settings: { HOOK_RETRY_SCHEDULE: '5,30,120,600,1800,7200,18000' },
  }),
  drive: async (stage, size) => {
    const [hanging, down] = await addBadReceivers(stage);
    const { hookOf } = stage.clients;
    const bad = [hanging.url, down.url];
    stage.clients.hookOf = (request) => bad[request % SHARE] ?? hookOf(request);
    const began = Date.now();
    await sendAll(stage, size);
    await sleep(Math.max(0, began + (size.isCut ? CUT_LOAD_MS : DOWN_MS) - Date.now()));
    await Promise.all([hanging.become('healthy'), down.become('healthy')]);
    const back = Date.now();
    return (history) => measure(history, back);
  },
};

async function addBadReceivers({ receivers }: Stage): Promise<[HookReceiver, HookReceiver]> {
  const [hanging, down] = await receivers.add(2, 'bad');
  if (hanging === undefined || down === undefined) throw new Error('there are no bad receivers');
  await hanging.become('hanging');
  await down.become('down');
  return [hanging, down];
}

function measure(history: History, back: number) {
  const lastOf = (receiver: string): string => {
    const times = history.arrivals.filter((arrival) => arrival.receiver === receiver).map(({ at }) => at);
    return times.length === 0 ? 'never' : seconds(Math.max(...times) - back);
  };
  const delays = hookDelays(history, (receiver) => receiver.startsWith('good'));
  return {
    'end to hook, healthy ones, p50': seconds(percentile(delays, 0.5)),
    p95: seconds(percentile(delays, 0.95)),
    p99: seconds(percentile(delays, 0.99)),
    'until the one that was down had all': lastOf('bad-1'),
    'until the one that hung had all': lastOf('bad-0'),
  };
}
