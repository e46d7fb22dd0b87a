import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import type { ContractBench } from './contract-bench.js';

/** px; the vendors take no smaller pictures. */
const SIDE = 512;

/** What the gateway is to an upstream that takes links: serves pictures, and takes pushes, which it forgets. */
export class PictureHost {
  private readonly pictures = new Map<string, Buffer>();

  private constructor(private readonly server: Server) {
    server.on('request', ({ url = '' }, response) => {
      const picture = this.pictures.get(url);
      response.writeHead(picture === undefined ? 404 : 200, { 'content-type': 'image/png' }).end(picture);
    });
  }

  static async start(): Promise<PictureHost> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new PictureHost(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The push address of a submit, as the gateway makes it. */
  pushUrlOf(state: string): string {
    return `${this.origin}/mj/notify/${state.replace('jm:', '')}-token`;
  }

  /** A link to a picture of one colour. */
  async picture(background: string): ReturnType<ContractBench['picture']> {
    const path = `/mj/input/${this.pictures.size}.png`;
    const png = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } }).png();
    this.pictures.set(path, await png.toBuffer());
    return { picture: this.origin + path, size: { width: SIDE, height: SIDE } };
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
