import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { ConversionPlan } from './conversion-plan.js';
import type { ConversionSource, ConverterReply, ConverterRequest } from './converter-protocol.js';
import type { GridPlan } from './grid-plan.js';
import type { PictureShape } from './picture-shape.js';

/** A failed conversion. `fault`: the picture, the medium of its output, a process that ended, or one that did not start. */
export class ConversionFailedError extends Error {
  override readonly name = 'ConversionFailedError';

  constructor(
    readonly fault: 'picture' | 'medium' | 'ended' | 'not_started',
    reason: string,
  ) {
    super(reason);
  }
}

/** The compiled entry of the process; package.json maps the name to its path. */
const ENTRY = createRequire(import.meta.url).resolve('#converter');
/** Heap of JavaScript, which needs little: pictures lie outside of it. */
const HEAP_MIB = 64;
/** Writable memory of the idle process, code and stacks of its threads counted in, MiB (measured: 154). */
const IDLE_MIB = 192;
/** How much of the end of its stderr is kept for the log, characters. */
const MAX_STDERR_CHARS = 500;
/** Shell command that limits the writable memory of the program it runs, in KiB; systems without such a limit ignore it. */
const LIMITED = 'ulimit -d "$1" 2>/dev/null; shift; exec "$@"';

/**
 * A process in which pictures are decoded and encoded. It starts with the first request, works on one picture at a time,
 * cannot take more memory than it was given, and may be killed at any time.
 */
export class ConverterProcess {
  private readonly child: ChildProcess;
  private answer: { resolve: (reply: ConverterReply) => void; reject: (error: Error) => void } | null = null;
  private stderrTail = '';
  private hasEnded = false;

  /**
   * @param memoryBytes memory that conversions may take in it, beyond that of the idle process
   * @param onEnd called once, when the process has ended or could not be started
   */
  constructor(
    memoryBytes: number,
    private readonly onEnd: () => void,
  ) {
    const limitKiB = IDLE_MIB * 1024 + Math.ceil(memoryBytes / 1024);
    // Without a compiler: from Node 24 on, room for compiled code alone counts as 512 MiB of writable memory.
    const node = [process.execPath, '--jitless', `--max-old-space-size=${HEAP_MIB}`, ENTRY];
    const [command = '', ...args] =
      process.platform === 'win32' ? node : ['/bin/sh', '-c', LIMITED, 'converter', String(limitKiB), ...node];
    // The process gets no variable of the gateway, and so no secret. One arena less is some dozen MiB less.
    const env = { MALLOC_ARENA_MAX: '2', VIPS_DISC_THRESHOLD: '64g' };
    this.child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced', env });
    this.child.on('message', (reply: ConverterReply) => this.settle(reply));
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderrTail = (this.stderrTail + chunk.toString('latin1')).slice(-MAX_STDERR_CHARS);
    });
    this.child.on('error', (error) => this.end('not_started', error.message));
    this.child.on('exit', (code, signal) => this.end('ended', `it ended with ${signal ?? `code ${code}`}`));
    // A pending conversion keeps the gateway alive; an idle converter does not.
    this.child.unref();
    this.child.channel?.unref();
    (this.child.stderr as { unref?: () => void } | null)?.unref?.();
  }

  get isAlive(): boolean {
    return !this.hasEnded;
  }

  /** Id of the process, for tests; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Reads the header of a picture, which stays open until the next one. @throws ConversionFailedError */
  async open(source: ConversionSource): Promise<PictureShape> {
    const reply = await this.ask({ kind: 'open', source });
    if (reply.kind !== 'shape') throw failureOf(reply);
    return reply.shape;
  }

  /** Converts the open picture into a new file, or into bytes. @throws ConversionFailedError */
  async make(plan: ConversionPlan, path: string | null): Promise<{ size: number; bytes: Uint8Array | null }> {
    const reply = await this.ask({ kind: 'make', plan, path });
    if (reply.kind !== 'made') throw failureOf(reply);
    return reply;
  }

  /** Composes a grid of pictures whose headers were read. @throws ConversionFailedError */
  async compose(
    plan: GridPlan,
    tiles: readonly (ConversionSource | null)[],
  ): Promise<{ size: number; bytes: Uint8Array | null }> {
    const reply = await this.ask({ kind: 'compose', plan, tiles });
    if (reply.kind !== 'made') throw failureOf(reply);
    return reply;
  }

  /** Ends the process at once. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private ask(request: ConverterRequest): Promise<ConverterReply> {
    return new Promise((resolve, reject) => {
      if (this.hasEnded) return reject(new ConversionFailedError('ended', 'it has ended'));
      this.answer = { resolve, reject };
      // A request that cannot be sent fails when the end of the process is seen.
      this.child.send(request, () => undefined);
    });
  }

  private settle(reply: ConverterReply): void {
    const { answer } = this;
    this.answer = null;
    answer?.resolve(reply);
  }

  private end(fault: 'ended' | 'not_started', reason: string): void {
    // A failed send is an 'error' event too; the end of the process settles it.
    if (this.hasEnded || (fault === 'not_started' && this.pid !== undefined)) return;
    this.hasEnded = true;
    this.onEnd();
    const { answer } = this;
    this.answer = null;
    const words = this.stderrTail.trim();
    answer?.reject(new ConversionFailedError(fault, words === '' ? reason : `${reason}: ${words}`));
  }
}

function failureOf(reply: ConverterReply): ConversionFailedError {
  return reply.kind === 'failed'
    ? new ConversionFailedError(reply.fault, reply.reason)
    : new ConversionFailedError('ended', 'it replied to something else');
}
