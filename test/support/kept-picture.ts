import sharp from 'sharp';
import type { TestGateway } from './gateway.js';
import type { ScriptedUpstream } from './scripted-upstream.js';
import { until } from './until.js';

/** A PNG of noise, which does not compress: 3 bytes a pixel. */
export function noise(side: number): Promise<Buffer> {
  const grain = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: side, height: side, channels: 3, background: '#204060', noise: grain } })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** The path of the upstream's picture, as the result of a task and kept. */
export async function keptPicture(gateway: TestGateway, upstream: ScriptedUpstream): Promise<string> {
  const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
  const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
    json.result,
  ]);
  upstream.show(row?.upstream_task_id ?? '', { status: 'SUCCESS', imageUrl: `${upstream.url}/grid.png` });
  const path = `/mj/image/${json.result}`;
  return until('the picture', async () => {
    const answer = await fetch(gateway.url + path);
    await answer.arrayBuffer();
    return answer.headers.get('cache-control')?.includes('immutable') === true ? path : null;
  });
}
