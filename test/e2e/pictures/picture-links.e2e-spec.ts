import sharp from 'sharp';
import { TestGateway } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** Links as upstreams write them: whatever a browser would follow from there is followed. */
describe('links of an upstream', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let picture: Buffer;

  beforeAll(async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    picture = await sharp({ create: { width: 128, height: 96, channels: 3, background: '#345', noise } })
      .png()
      .toBuffer();
    upstream = await ScriptedUpstream.start();
    upstream.picture = picture;
    // The upstream's own address is exempt, and no other one here.
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { EGRESS_ALLOW: '' } });
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const show = async (fields: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
    const [row] = await gateway.sql<{ id: string }>('select upstream_task_id as id from task where id = $1', [
      json.result,
    ]);
    upstream.show(row?.id ?? '', { progress: '100%', action: 'IMAGINE', buttons: [], ...fields });
    return until('the task', async () => {
      const found = (await gateway.get(`/mj/task/${json.result}/fetch`)).json;
      return found['status'] === fields['status'] ? found : null;
    });
  };
  const bytesOf = async (url: unknown): Promise<Buffer> => {
    const answer = await fetch(String(url));
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const raw = (bytes: Buffer): Promise<Buffer> => sharp(bytes).raw().toBuffer();
  const dataUrl = (): string => `data:image/png;base64,${picture.toString('base64')}`;

  it.each<[string, () => unknown]>([
    ['from its root', () => '/attachments/a.png'],
    ['from its address', () => 'a.png'],
    ['without a scheme', () => upstream.url.replace('http:', '') + '/b.png'],
    ['in another script, with blanks', () => '/图片/一 二.png'],
    ['as a list', () => ['/list.png']],
    ['as an object', () => ({ url: '/object.png' })],
    ['as JSON text', () => JSON.stringify([{ url: '/text.png' }])],
    ['as the picture itself', dataUrl],
    ['as the picture itself, percent-encoded', () => dataUrl().replaceAll('+', '%2B').replaceAll('/', '%2F')],
  ])('%s: the picture is shown and kept', async (_, link) => {
    const { id, imageUrl } = await show({ status: 'SUCCESS', imageUrl: link() });
    expect(imageUrl).toBe(`${gateway.url}/mj/image/${String(id)}`);
    expect(await bytesOf(imageUrl)).toEqual(picture);
    const [row] = await gateway.sql<{ state: string; length: number }>(
      'select state, length(source_url) as length from asset where task_id = $1',
      [id],
    );
    expect(row?.state).toBe('kept');
    // No row holds a picture.
    expect(row?.length).toBeLessThan(300);
  });

  it('of a grid and of films are followed alike', async () => {
    const pictures = await show({ status: 'SUCCESS', imageUrl: '', imageUrls: '["/1.png","2.png"]' });
    expect(pictures['imageUrls']).toHaveLength(2);
    for (const { url } of pictures['imageUrls'] as { url: string }[]) expect(await bytesOf(url)).toEqual(picture);
    const grid = await bytesOf(pictures['imageUrl']);
    expect(await sharp(grid).metadata()).toMatchObject({ format: 'png', width: 2 * 128, height: 96 });
    expect(
      (await sharp(grid).extract({ left: 128, top: 0, width: 128, height: 96 }).raw().toBuffer()).equals(
        await raw(picture),
      ),
    ).toBe(true);
    const films = await show({ status: 'SUCCESS', imageUrl: null, videoUrls: JSON.stringify(['/film.png']) });
    expect(await bytesOf((films['videoUrls'] as { url: string }[])[0]?.url)).toEqual(picture);
  });

  it('of a task that runs are previews', async () => {
    for (const imageUrl of ['/preview.png', dataUrl()]) {
      const task = await show({ status: 'IN_PROGRESS', progress: '40%', imageUrl });
      expect(await bytesOf(task['imageUrl'])).toEqual(picture);
    }
  });

  it('lead nowhere inside, however they are written', async () => {
    for (const link of [
      '//169.254.169.254/latest/a.png',
      'http:\\\\10.0.0.1\\a.png',
      '["http://[::ffff:10.0.0.1]/a.png"]',
    ]) {
      const { imageUrl } = await show({ status: 'SUCCESS', imageUrl: link });
      expect((await fetch(String(imageUrl))).status).toBe(502);
    }
  });
});
