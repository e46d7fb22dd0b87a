import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ScriptedServer } from '../../test/scripted-server.js';
import { imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT, target } from '../../test/target.js';
import type { Outcome } from '../port/outcome.js';
import { PictureText, type Picture } from '../port/picture-text.js';
import { UpstreamHttp } from './upstream-http.js';
import { MidjourneyProxyAdapter } from '../midjourney-proxy/midjourney-proxy.adapter.js';

const SHORT_MS = 300;
const CHUNK = 64 * 1024;
const HEAD = 'data:image/png;base64,';
const base64 = Buffer.alloc(6_000_000, 0x5a).toString('base64');
const lifted = new PictureText(
  HEAD,
  Array.from({ length: Math.ceil(base64.length / CHUNK) }, (_, at) =>
    Buffer.from(base64.slice(at * CHUNK, (at + 1) * CHUNK)),
  ),
);

let adapter: MidjourneyProxyAdapter;
let closers: (() => Promise<unknown> | void)[];
beforeEach(() => {
  adapter = new MidjourneyProxyAdapter(new UpstreamHttp({ userAgent: 'Journeyman' }));
  closers = [];
});
afterEach(async () => {
  await adapter.close();
  for (const close of closers) await close();
});

function submit(baseUrl: string, picture: Picture, submitTimeoutMs = 20_000): Promise<Outcome> {
  const command = imagine('a "fox" 🦊', [picture, 'https://images.example.com/a.png', picture]);
  return adapter.submit(target({ baseUrl, submitTimeoutMs }), command, SUBMIT_CONTEXT);
}

/** An upstream that does one thing once the first bytes of a request have come, and reads no further. */
async function rude(act: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', () => act(socket.pause()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each([
  ['kept as bytes', lifted],
  ['kept as text', `${HEAD}${base64}`],
] as [string, Picture][])('a large picture that is %s', (_, picture) => {
  it('is sent as it is, with its length', async () => {
    const server = await ScriptedServer.start();
    closers.push(() => server.close());
    for (let round = 0; round < 2; round += 1) {
      await expect(submit(server.origin, picture)).resolves.toMatchObject({ kind: 'accepted' });
      const { body = '', headers } = server.received[round] ?? {};
      expect(headers?.['content-length']).toBe(String(Buffer.byteLength(body)));
      const { base64Array, prompt } = JSON.parse(body) as { base64Array: string[]; prompt: string };
      expect(prompt).toBe('a "fox" 🦊');
      const text = HEAD + base64;
      expect(base64Array.map((one) => one === text)).toEqual([true, false, true]);
    }
  });

  it('does not reach an upstream that answers before it has read it, and the answer counts', async () => {
    const answer = '{"code":4,"description":"too large"}';
    const head = `HTTP/1.1 413 Payload Too Large\r\ncontent-length: ${answer.length}\r\nconnection: close\r\n\r\n`;
    const url = await rude((socket) => socket.write(head + answer));
    await expect(submit(url, picture)).resolves.toMatchObject({ kind: 'refused' });
  });

  it.each(['destroy', 'resetAndDestroy'] as const)('is unknown where the connection ends: %s', async (end) => {
    const url = await rude((socket) => socket[end]());
    await expect(submit(url, picture)).resolves.toEqual({ kind: 'unknown', fault: 'reset' });
  });

  it('is unknown where the server does not read it in time', async () => {
    const url = await rude(() => undefined);
    await expect(submit(url, picture, SHORT_MS)).resolves.toEqual({ kind: 'unknown', fault: 'timeout' });
  });

  it('was not sent where no server listens', async () => {
    await expect(submit('http://127.0.0.1:1', picture)).resolves.toEqual({ kind: 'nothing_done', fault: 'connect' });
  });
});
