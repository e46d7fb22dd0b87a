import sharp from 'sharp';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';

/** Uploads to an upstream of a kind that has none. */
describe('uploads that the gateway hosts', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let hidden: TestGateway;
  let jpeg: Buffer;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    const environment = { UPSTREAM_KIND: 'apimart', UPSTREAM_SECRET: 'secret' };
    const upstreamUrl = upstream.url;
    gateway = await TestGateway.start({
      upstreamUrl,
      environment: { ...environment, PUBLIC_URL: 'http://127.0.0.1:8080' },
    });
    hidden = await TestGateway.start({ upstreamUrl, environment });
    jpeg = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#336699' } })
      .jpeg()
      .toBuffer();
  });

  afterAll(async () => {
    await hidden?.close();
    await gateway?.close();
    await upstream?.close();
  });

  const upload = (to: TestGateway): Promise<Answer> =>
    to.post('/mj/submit/upload-discord-images', {
      base64Array: [`data:image/jpeg;base64,${jpeg.toString('base64')}`],
    });

  it('are answered with links under PUBLIC_URL, and no upstream is called', async () => {
    const { status, json } = await upload(gateway);
    expect([status, json['code']]).toEqual([200, 1]);
    const [link = ''] = json['result'] as string[];
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8080\/mj\/input\/[\w-]{32}\.jpg$/);
    const answer = await fetch(gateway.url + new URL(link).pathname);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(jpeg.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
    expect(upstream.submits).toEqual([]);
    const tasks = await gateway.sql("select status from task where action = 'UPLOAD'");
    expect(tasks).toEqual([{ status: 'SUCCESS' }]);
  });

  it('need PUBLIC_URL: without it nobody can take them', async () => {
    const { json } = await upload(hidden);
    expect(json['code']).toBe(3);
    expect(await hidden.sql('select 1 from task')).toEqual([]);
  });
});
