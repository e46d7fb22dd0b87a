import { bound, compare, median, type Figure } from '../figures.js';
import type { Load, Row } from '../bench.js';
import type { Usage } from '../children/usage-probe.js';
import { clientHeaders, install } from '../installation.js';

const AT_ONCE = 8;
const PICTURES = { count: 4, bytes: 4_000_000 };
/** As base64 in JSON. */
const BODY_BYTES = Math.ceil((PICTURES.bytes * 4) / 3) * PICTURES.count;
const BODY_LIMIT = 32 * 1024 * 1024;
const MOST_RSS = (3 * AT_ONCE * BODY_BYTES) / 1e6;
const MOST_LOOP_MS = 100;
const WARM_AT = 24;

/** Imagines with four pictures in the body. */
export const UPLOAD: Row = {
  name: 'upload',
  run: async (bench) => {
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    const installation = await install(bench, { upstreamUrl, settings: { ROLE: 'api' } });
    const gateway = await bench.gateway(installation.environment);
    const settings = { databaseUrl: installation.databaseUrl, upstreamUrl, bodyLimit: BODY_LIMIT, keeps: false };
    const floor = await bench.start('floors/submit-floor', { settings });
    const requests = [{ method: 'POST' as const, path: '/mj/submit/imagine', body: '' }];
    const plan = { headers: clientHeaders(installation), requests, pictures: PICTURES, expects: '"code":1,' };
    const ours = await bench.load({ ...plan, urls: [gateway.url] });
    const theirs = await bench.load({ ...plan, urls: [floor.url] });
    const run = { connections: AT_ONCE, seconds: 2 * bench.size.seconds };
    const used: Usage[] = [];
    const round = async (load: Load): Promise<{ amount: number; seconds: number }> => load.round(run);
    const rounds = await bench.alternate(
      { server: gateway.child, round: () => round(ours), warmAt: WARM_AT, used },
      { server: floor.child, round: () => round(theirs), warmAt: WARM_AT },
    );
    const about = `upload: imagine with four pictures of 4 MB, ${AT_ONCE} at once`;
    const rest = { rounds: used.length, note: `${AT_ONCE} bodies of ${(BODY_BYTES / 1e6).toFixed(1)} MB in flight` };
    const figures: Figure[] = [
      compare(rounds, {
        row: about,
        unit: 'requests/s',
        atLeast: 0.7,
        note: 'the bytes, from one socket to the other: read, judged letter by letter, written, and collected',
      }),
      bound({
        ...rest,
        row: `${about}: peak RSS`,
        ours: median(used.map(({ peakRssMb }) => peakRssMb * 1.048576)),
        unit: 'MB',
        atMost: Math.round(MOST_RSS),
      }),
      bound({
        ...rest,
        row: `${about}: event loop, p99`,
        ours: median(used.map(({ loopP99Ms }) => loopP99Ms)),
        unit: 'ms',
        atMost: MOST_LOOP_MS,
      }),
    ];
    return figures;
  },
};
