import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as bodyOf } from 'node:stream/consumers';
import sharp from 'sharp';
import { RUNNING_YOUCHUAN_JOB, youchuanJob } from '../../../libs/upstream/test/tob-bodies.js';
import { TestGateway } from '../../support/gateway.js';
import { until } from '../../support/until.js';

interface Button {
  customId: string;
  label: string;
}

const PUBLIC_URL = 'http://localhost:1';
const LINK = /http:\/\/localhost:1\/mj\/input\/[\w-]+\.\w+/g;

/** Work with pictures at an upstream that fetches them by link, from its submit to the fetch. */
describe('inputs of an upstream that takes links only', () => {
  let vendor: Server;
  let gateway: TestGateway;
  let png: Buffer;
  /** What the vendor found under the links of each submit, fetched before it answered. */
  const fetched: { path: string; status: number; bytes: Buffer }[] = [];
  /** The text of each job, which the vendor shows with it, links included. */
  const texts = new Map<string, string>();

  async function follow(request: IncomingMessage): Promise<string> {
    const body = (await bodyOf(request)) as { text?: string };
    const text = JSON.stringify(body);
    for (const [link] of text.matchAll(LINK)) {
      const answer = await fetch(gateway.url + new URL(link).pathname);
      fetched.push({ path: request.url ?? '', status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) });
    }
    return body.text ?? 'a fox --v 7';
  }

  beforeAll(async () => {
    vendor = createServer((request, response) => {
      const answer = (job: object): void =>
        void response.setHeader('content-type', 'application/json').end(JSON.stringify(job));
      if (request.method === 'POST') {
        const id = `66f0c0ffee00c0ffee0${String(10_000 + texts.size)}`;
        follow(request).then(
          (text) => {
            texts.set(id, text);
            answer({ ...RUNNING_YOUCHUAN_JOB, id, text });
          },
          () => response.destroy(),
        );
        return;
      }
      const id = request.url?.split('/').at(-1) ?? '';
      answer(youchuanJob({ id, text: texts.get(id) }));
    });
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    gateway = await TestGateway.start({
      upstreamUrl: `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`,
      environment: { UPSTREAM_KIND: 'youchuan', UPSTREAM_SECRET: 'app|secret', PUBLIC_URL },
    });
    png = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#336699' } })
      .png()
      .toBuffer();
  });

  afterAll(async () => {
    await gateway?.close();
    vendor?.closeAllConnections();
    await new Promise((resolve) => vendor?.close(resolve));
  });

  const dataUrl = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;
  const finished = (id: string): Promise<{ buttons: Button[] }> =>
    until('the end', async () => {
      const { json } = await gateway.get<{ status: string; buttons: Button[] }>(`/mj/task/${id}/fetch`);
      return json.status === 'SUCCESS' ? json : null;
    });
  const submit = (path: string, body: object): Promise<{ json: { code: number; result: string } }> =>
    gateway.post<{ code: number; result: string }>(`/mj/submit/${path}`, body);

  it('are there when the vendor is asked, and their masks are white where it repaints', async () => {
    const imagine = await submit('imagine', { prompt: 'a fox', base64Array: [dataUrl(png)] });
    expect(imagine.json.code).toBe(1);
    expect(fetched.map(({ path, status }) => [path, status])).toEqual([['/v1/tob/diffusion', 200]]);
    expect(fetched[0]?.bytes.equals(png)).toBe(true);
    await until('the note', async () => {
      const rows = await gateway.sql('select 1 from upstream where links_fetched_at is not null');
      return rows.length > 0 ? true : null;
    });
    const grid = await finished(imagine.json.result);
    const press = (buttons: Button[], what: RegExp): { customId: string } => {
      const button = buttons.find(({ customId }) => what.test(customId));
      if (button === undefined) throw new Error(`no button ${String(what)}`);
      return { customId: button.customId };
    };
    const first = await submit('action', { taskId: imagine.json.result, ...press(grid.buttons, /upsample::1/) });
    const single = await finished(first.json.result);
    const window = await submit('action', { taskId: first.json.result, ...press(single.buttons, /Inpaint/) });
    expect(window.json.code).toBe(21);
    // The left half is transparent: that is to be repainted.
    const half = { input: await sharp(png).resize(30, 40, { fit: 'fill' }).toBuffer(), left: 30, top: 0 };
    const mask = await sharp({ create: { width: 60, height: 40, channels: 4, background: '#00000000' } })
      .composite([half])
      .png()
      .toBuffer();
    fetched.length = 0;
    const modal = await submit('modal', { taskId: window.json.result, prompt: 'a hat', maskBase64: dataUrl(mask) });
    expect(modal.json.code).toBe(1);
    expect(fetched.map(({ path, status }) => [path, status])).toEqual([['/v1/tob/inpaint', 200]]);
    const { data, info } = await sharp(fetched[0]?.bytes)
      .removeAlpha()
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([60, 40, 1]);
    expect([data[0], data[29], data[30], data[59]]).toEqual([255, 255, 0, 0]);
  });

  it('stand in no answer to a client', async () => {
    const { json } = await gateway.get<{ id: string }[]>('/mj/task/list');
    expect(json.length).toBeGreaterThan(0);
    expect([...texts.values()].join()).toContain('/mj/input/');
    expect(JSON.stringify(json)).not.toContain('/mj/input/');
  });
});
