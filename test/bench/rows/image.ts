import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Row } from '../bench.js';
import { compare } from '../figures.js';
import { install } from '../installation.js';
import { stockFinished, stockOf } from '../stock.js';

const CONNECTIONS = 64;
const BYTES = 2_000_000;
const WARM_MB = 1_000;

/** A kept picture as it is. */
export const IMAGE: Row = {
  name: 'image',
  run: async (bench) => {
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    const installation = await install(bench, { upstreamUrl });
    const { sql, environment } = installation;
    const [id = ''] = await stockFinished(sql, stockOf(installation, 1));
    const file = join('2026', '11', '22', `${id}-0.png`);
    const path = join(environment['DATA_DIR'] ?? '', 'pictures', file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, randomBytes(BYTES));
    await sql.query(
      `insert into asset (task_id, kind, n, upstream_id, source_url, state, next_at, file, content_type, bytes, width, height,
          sha256, kept_at)
        values ($1, 'image', 0, $2, 'http://127.0.0.1/1.png', 'kept', null, $3, 'image/png', $4, 2048, 2048, $5, now())`,
      [id, installation.upstreamId, file, BYTES, randomBytes(32)],
    );
    const gateway = await bench.gateway(environment);
    const floor = await bench.start('floors/image-floor', { settings: { file: path } });
    const requests = [{ method: 'GET' as const, path: `/mj/image/${id}`, body: null }];
    const ours = await bench.load({ urls: [gateway.url], headers: {}, requests, expects: '' });
    const theirs = await bench.load({ urls: [floor.url], headers: {}, requests, expects: '' });
    const { seconds } = bench.size;
    const run = { connections: CONNECTIONS, seconds };
    const rounds = await bench.alternate(
      { server: gateway.child, round: () => ours.round(run, 'megabytes'), warmAt: WARM_MB },
      { server: floor.child, round: () => theirs.round(run, 'megabytes'), warmAt: WARM_MB },
    );
    return [
      compare(rounds, {
        row: 'image: a kept picture of 2 MB, 64 connections',
        unit: 'MB/s',
        atLeast: 0.85,
        note: 'CPU of the gateway',
      }),
    ];
  },
};
