import { readFile } from 'node:fs/promises';
import pg from 'pg';
import sharp from 'sharp';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { samplesOf, sumOf } from '../../support/exposition.js';
import { GatewayProcess, install, type Installation } from '../../support/gateway-process.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

/** A small AVIF that says it is of `width` × `height` px. */
async function avifOf(width: number, height: number): Promise<Buffer> {
  const avif = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#336699' } })
    .avif()
    .toBuffer();
  for (let at = avif.indexOf('ispe'); at >= 0; at = avif.indexOf('ispe', at + 4)) {
    avif.writeUInt32BE(width, at + 8);
    avif.writeUInt32BE(height, at + 12);
  }
  return avif;
}

function grid(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: 512, height: 512, channels: 3, background: '#345', noise } })
    .png()
    .toBuffer();
}

describe('pictures that are converted', () => {
  const { gateway, upstream } = useGateway({ environment: { ADMIN_KEY } });

  /** A finished task whose grid is this picture. */
  const finished = async (picture: Buffer): Promise<string> => {
    upstream.picture = picture;
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    upstream.show(row?.upstream_task_id ?? '', {
      status: 'SUCCESS',
      progress: '100%',
      action: 'IMAGINE',
      imageUrl: `${upstream.url}/${json.result}.png`,
    });
    await until('the kept picture', async () =>
      (await gateway.sql("select from asset where task_id = $1 and state = 'kept'", [json.result])).length === 1
        ? true
        : null,
    );
    return json.result;
  };

  it('are served as they are where converting them would take more memory than there is', async () => {
    const bomb = await avifOf(11_500, 8_600);
    const id = await finished(bomb);
    for (const query of ['', '?w=512', '?format=png', '?w=128&format=jpeg']) {
      const answer = await fetch(`${gateway.url}/mj/image/${id}${query}`);
      expect([query, answer.status, answer.headers.get('content-type')]).toEqual([query, 200, 'image/avif']);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(bomb);
    }
    const head = await fetch(`${gateway.url}/mj/image/${id}?w=512`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bomb.length)]);
  });

  it('say so where a part of them is wanted', async () => {
    const id = await finished(await avifOf(11_000, 9_000));
    const { status, json } = await gateway.get(`/mj/image/${id}/2`);
    expect([status, json]).toEqual([422, { code: 4, description: 'picture_too_large', result: null }]);
  });

  it('are counted, and leave nothing taken', async () => {
    const id = await finished(await grid());
    const got = await Promise.all(
      [1, 2, 3, 4].map((n) => fetch(`${gateway.url}/mj/image/${id}/${n}?w=128&format=webp`)),
    );
    expect(got.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const samples = samplesOf(
      (await gateway.call('/metrics', { headers: { authorization: `Bearer ${ADMIN_KEY}` } })).text,
    );
    expect(sumOf(samples, 'journeyman_conversions_total', { result: 'made' })).toBeGreaterThanOrEqual(4);
    expect(sumOf(samples, 'journeyman_conversions_total', { result: 'too_large' })).toBeGreaterThanOrEqual(1);
    expect(sumOf(samples, 'journeyman_conversions', {})).toBe(0);
    expect(sumOf(samples, 'journeyman_conversion_memory_bytes', { state: 'taken' })).toBe(0);
    expect(sumOf(samples, 'journeyman_converter_processes', {})).toBeGreaterThanOrEqual(1);
  });
});

onLinux('the process that converts', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let upstream: ScriptedUpstream;
  let installation: Installation;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    upstream = await ScriptedUpstream.start();
    upstream.picture = await grid();
    installation = await install(database.url, upstream.url);
  });
  afterAll(async () => {
    await client.end();
    await upstream.close();
    await installation.remove();
    await database.drop();
  });

  const childrenOf = async (pid: number): Promise<number[]> =>
    (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean).map(Number);
  const isGone = (pid: number): Promise<boolean> =>
    readFile(`/proc/${pid}/status`, 'utf8').then(
      (status) => /^State:\s+Z/m.test(status),
      () => true,
    );
  /** Has a quarter cut and scaled. @returns the process in which that was done */
  const converterOf = async (gateway: GatewayProcess, width: number): Promise<number> => {
    const submit = await fetch(`${gateway.url}/mj/submit/imagine`, {
      method: 'POST',
      headers: { authorization: `Bearer ${installation.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a fox' }),
    });
    const { result } = (await submit.json()) as { result: string };
    const { rows } = await client.query<{ id: string }>('select upstream_task_id as id from task where id = $1', [
      result,
    ]);
    const shown = { status: 'SUCCESS', progress: '100%', action: 'IMAGINE', imageUrl: `${upstream.url}/${result}.png` };
    upstream.show(rows[0]?.id ?? '', shown);
    await until('the picture', async () => {
      const answer = await fetch(`${gateway.url}/mj/image/${result}/2?w=${width}`);
      return answer.status === 200 ? true : null;
    });
    const [converter] = await childrenOf(gateway.pid);
    if (converter === undefined) throw new Error('there is no such process');
    return converter;
  };

  it('is another one than the gateway, which loads no decoder', async () => {
    const gateway = await GatewayProcess.start(installation);
    expect(await childrenOf(gateway.pid)).toEqual([]);
    const converter = await converterOf(gateway, 128);
    expect(await readFile(`/proc/${gateway.pid}/maps`, 'utf8')).not.toContain('libvips');
    expect(await readFile(`/proc/${converter}/maps`, 'utf8')).toContain('libvips');
    await gateway.stopCleanly();
    await until('the end of it', async () => ((await isGone(converter)) ? true : null));
  });

  it('does not outlive a gateway that was killed', async () => {
    const gateway = await GatewayProcess.start(installation);
    const converter = await converterOf(gateway, 256);
    await gateway.kill();
    await until('the end of it', async () => ((await isGone(converter)) ? true : null));
  });
});
