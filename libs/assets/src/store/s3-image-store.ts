import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type * as Sdk from '@aws-sdk/client-s3';
import { storedName, variantPrefixes } from './file-name.js';
import { FileMissingError, ImageStore, type ByteSpan, type LocalFile } from './image-store.js';
import { ScratchFolder } from './scratch-folder.js';

export interface S3Options {
  bucket: string;
  /** Prefix of every name, without slashes at its ends; '' for none. */
  prefix: string;
  /** Address of a store that is not AWS, which gets the bucket in the path; null: AWS itself. */
  endpoint: string | null;
  /** Local scratch folder, for bytes that are about to be put. */
  scratchFolder: string;
}

interface Connection {
  sdk: typeof Sdk;
  client: Sdk.S3Client;
}

const ID_FILE = 'store.id';
const PROBE_FILE = 'store.probe';
const CONNECT_MS = 5_000;
/** Longest silence on a connection, and deadline of every call but for a picture's bytes, ms. */
const CALL_MS = 30_000;
/** Deadline of reading or writing a picture, ms: a slow reader holds a connection of the store no longer. */
const READ_MS = 600_000;
const MAX_SOCKETS = 128;

/**
 * Pictures in a bucket of AWS S3 or of any store with its protocol. Credentials and region come from the usual AWS
 * variables.
 */
export class S3ImageStore extends ImageStore {
  readonly kind = 's3';
  readonly location: string;
  private readonly scratch: ScratchFolder;
  private connected: Promise<Connection> | null = null;

  constructor(private readonly options: S3Options) {
    super();
    this.scratch = new ScratchFolder(options.scratchFolder);
    this.location = `s3://${options.bucket}${options.prefix === '' ? '' : `/${options.prefix}`}`;
  }

  scratchFile(): Promise<string> {
    return this.scratch.file();
  }

  async put(name: string, scratchFile: string): Promise<void> {
    const { sdk, client } = await this.connection();
    const { size } = await stat(scratchFile);
    const command = new sdk.PutObjectCommand({
      ...this.at(name),
      Body: createReadStream(scratchFile),
      ContentLength: size,
    });
    await client.send(command, { abortSignal: AbortSignal.timeout(READ_MS) });
    await rm(scratchFile, { force: true });
  }

  async open(name: string, span?: ByteSpan): Promise<Readable> {
    const { sdk, client } = await this.connection();
    const range = span === undefined ? {} : { Range: `bytes=${span.start}-${span.end}` };
    const command = new sdk.GetObjectCommand({ ...this.at(name), ...range });
    try {
      const { Body } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_MS) });
      return Body as Readable;
    } catch (error) {
      throw isMissing(error) ? new FileMissingError(name, error) : error;
    }
  }

  async borrow(name: string): Promise<LocalFile> {
    const path = await this.scratchFile();
    const release = (): Promise<void> => rm(path, { force: true });
    try {
      await pipeline(await this.open(name), createWriteStream(path, { flags: 'wx', mode: 0o640 }));
      return { path, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  async size(name: string): Promise<number | null> {
    const { sdk, client } = await this.connection();
    try {
      const { ContentLength } = await client.send(new sdk.HeadObjectCommand(this.at(name)), soon());
      return ContentLength ?? 0;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async removeWithVariants(name: string): Promise<void> {
    const { sdk, client } = await this.connection();
    for (const prefix of variantPrefixes(storedName(name))) {
      const { Bucket, Key } = this.keyed(prefix);
      // A page of the list has room for 1,000 names; a picture has some dozens of variants at most.
      const { Contents = [] } = await client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: Key }), soon());
      const Objects = Contents.flatMap(({ Key: found }) => (found === undefined ? [] : [{ Key: found }]));
      if (Objects.length === 0) continue;
      await client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }), soon());
    }
  }

  async identity(): Promise<string | null> {
    const { sdk, client } = await this.connection();
    try {
      const { Body } = await client.send(new sdk.GetObjectCommand(this.idFile()), soon());
      return (await Body?.transformToString())?.trim() ?? null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async identify(id: string): Promise<string> {
    const { sdk, client } = await this.connection();
    // Of several replicas at their first start the first one wins; in a store that ignores the condition, the last one.
    const command = new sdk.PutObjectCommand({ ...this.idFile(), Body: `${id}\n`, IfNoneMatch: '*' });
    await client.send(command, soon()).catch((error: unknown) => {
      if (!isTaken(error)) throw error;
    });
    return (await this.identity()) ?? id;
  }

  async probe(isThorough: boolean): Promise<void> {
    await this.scratch.probe();
    if (!isThorough) return;
    const { sdk, client } = await this.connection();
    await client.send(new sdk.PutObjectCommand({ ...this.keyed(PROBE_FILE), Body: '' }), soon());
    await client.send(new sdk.DeleteObjectCommand(this.keyed(PROBE_FILE)), soon());
  }

  async sweep(now: Date): Promise<void> {
    await this.scratch.sweep(now);
  }

  async close(): Promise<void> {
    (await this.connected)?.client.destroy();
  }

  private connection(): Promise<Connection> {
    this.connected ??= connect(this.options.endpoint);
    return this.connected;
  }

  private at(name: string): { Bucket: string; Key: string } {
    return this.keyed(storedName(name));
  }

  private idFile(): { Bucket: string; Key: string } {
    return this.keyed(ID_FILE);
  }

  private keyed(name: string): { Bucket: string; Key: string } {
    const { bucket, prefix } = this.options;
    return { Bucket: bucket, Key: prefix === '' ? name : `${prefix}/${name}` };
  }
}

/** The SDK is loaded on first use: a gateway that keeps its pictures on a disk spends neither time nor memory on it. */
async function connect(endpoint: string | null): Promise<Connection> {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: CALL_MS,
      httpAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
      httpsAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
    },
    maxAttempts: 3,
    // Stores that are not AWS do not know the trailing checksums that the SDK would send by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}

function soon(): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(CALL_MS) };
}

function isMissing(error: unknown): boolean {
  return statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket';
}

function isTaken(error: unknown): boolean {
  return [409, 412].includes(statusOf(error));
}

/** The status of a store's refusal; 0 for any other failure. */
function statusOf(error: unknown): number {
  return error instanceof Error && '$metadata' in error
    ? ((error as Sdk.S3ServiceException).$metadata.httpStatusCode ?? 0)
    : 0;
}
