import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface S3rver {
  new (options: object): { run(): Promise<AddressInfo>; close(): Promise<void>; httpServer: Server };
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER', AWS_REGION: 'us-east-1' };

/** A server on loopback that speaks S3, with one bucket; its files go when it stops. */
export class S3Server {
  static readonly bucket = 'pictures';

  private constructor(
    readonly url: string,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(): Promise<S3Server> {
    // CommonJS without types.
    const Rver = createRequire(join(process.cwd(), 'package.json'))('s3rver') as S3rver;
    const directory = await mkdtemp(join(tmpdir(), 'journeyman-s3-'));
    const server = new Rver({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      directory,
      configureBuckets: [{ name: S3Server.bucket, configs: [] }],
    });
    const { port } = await server.run();
    // What the SDK reads; the server knows this pair.
    Object.assign(process.env, CREDENTIALS);
    return new S3Server(`http://127.0.0.1:${port}`, async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    });
  }

  stop(): Promise<void> {
    return this.end();
  }
}
