import { Logger, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { memoryFor } from './conversion-memory.js';
import { planConversion, type ConversionTarget } from './conversion-plan.js';
import { ConversionQueue } from './conversion-queue.js';
import { ConversionFailedError, ConverterProcess } from './converter-process.js';
import type { ConversionSource } from './converter-protocol.js';
import { MemoryBudget } from './memory-budget.js';
import type { PictureShape } from './picture-shape.js';

export interface ConverterOptions {
  /** Memory that all conversions of this replica may take together, bytes. */
  memoryBytes: number;
  /** How long one conversion may take, ms. */
  timeoutMs: number;
  /** An idle converter is ended after so long, ms. */
  idleMs: number;
}

export const CONVERTER_DEFAULTS: ConverterOptions = {
  memoryBytes: 320 * 1024 * 1024,
  timeoutMs: 20_000,
  idleMs: 30_000,
};

/** Input and output of a conversion; prepared when it begins, released when it has ended. */
export interface ConversionFiles {
  source: ConversionSource;
  /** Output: a file that does not exist yet; null: the result has the bytes. */
  path: string | null;
  release(): Promise<void>;
}

/** An order to convert one picture. */
export interface ConversionOrder {
  /** Called when the conversion has its turn; its errors go to the caller of `convert`. */
  prepare(): Promise<ConversionFiles>;
  /** The wanted result, which may depend on the header of the picture; a string refuses the picture for that reason. */
  target: ConversionTarget | ((shape: PictureShape) => ConversionTarget | 'too_large' | 'unreadable');
  /** The client that the order is for; each has a fair share of the queue. */
  asker: string;
  /** Name of the picture in the log. */
  label: string;
}

/**
 * How a conversion ended. `busy`: the queue is full · `unreadable`: the picture cannot be decoded ·
 * `too_large`: it would take more memory than the budget has · `late`: it took too long · `medium`: the output cannot be written
 */
export type Conversion =
  | { kind: 'made'; size: number; bytes: Uint8Array | null; target: ConversionTarget }
  | { kind: 'busy' | 'unreadable' | 'too_large' | 'late' }
  | { kind: 'medium'; reason: string };

/** How a pool is used now. */
export interface ConverterState {
  running: number;
  waiting: number;
  /** Permits of the conversions that run. */
  memoryBytes: number;
  memoryTotal: number;
  processes: number;
}

const MAX_CONVERSIONS = 2;
const QUEUE = { running: MAX_CONVERSIONS, waiting: 64, waitingOfOne: 32 };
/** How long a shutdown waits for conversions that run, ms. */
const DRAIN_MS = 5_000;
/** Longest side that a WebP can have, px. */
const MAX_WEBP_SIDE = 16_383;

/**
 * Converts pictures in a pool of child processes, which start on demand, have limits of memory and time, and end after a
 * while without work. So no decoder runs in the event loop or in the heap of the gateway's own process.
 */
export class ConverterPool implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly log = new Logger(ConverterPool.name);
  private readonly queue: ConversionQueue;
  private readonly memory: MemoryBudget;
  private readonly processes = new Set<ConverterProcess>();
  private readonly idle = new Map<ConverterProcess, NodeJS.Timeout>();
  private isStopping = false;
  private readonly listeners: ((kind: Conversion['kind'], ms: number) => void)[] = [];

  constructor(private readonly options: ConverterOptions) {
    this.queue = new ConversionQueue({ ...QUEUE, waitMs: options.timeoutMs });
    this.memory = new MemoryBudget(options.memoryBytes);
  }

  /** How the pool is used now. */
  get state(): ConverterState {
    const { taken, totalBytes } = this.memory;
    return { ...this.queue.counts, memoryBytes: taken, memoryTotal: totalBytes, processes: this.processes.size };
  }

  /** Calls `listener` after each conversion, also a refused one. */
  onConversion(listener: (kind: Conversion['kind'], ms: number) => void): void {
    this.listeners.push(listener);
  }

  /** Converts one picture. Faults of picture and decoder are results. @throws what `prepare` throws */
  async convert(order: ConversionOrder): Promise<Conversion> {
    const began = performance.now();
    const done: Conversion = (await this.queue.run(order.asker, () => this.work(order))) ?? { kind: 'busy' };
    for (const listener of this.listeners) listener(done.kind, performance.now() - began);
    return done;
  }

  /** Begins no more conversions; those that run are ended after DRAIN_MS. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.queue.close();
    for (const process of this.idle.keys()) process.kill();
    setTimeout(() => this.killAll(), DRAIN_MS).unref();
  }

  onApplicationShutdown(): void {
    this.isStopping = true;
    this.queue.close();
    this.killAll();
  }

  private killAll(): void {
    for (const process of this.processes) process.kill();
  }

  private async work(order: ConversionOrder): Promise<Conversion> {
    const files = await order.prepare();
    try {
      return await this.convertFiles(order, files);
    } finally {
      await files.release();
    }
  }

  private async convertFiles(order: ConversionOrder, files: ConversionFiles): Promise<Conversion> {
    const process = this.take();
    const limit = new TimeLimit(this.options.timeoutMs, () => process.kill());
    try {
      return await this.convertIn(process, limit, order, files);
    } catch (error) {
      if (!(error instanceof ConversionFailedError)) throw error;
      if (limit.isOver) return this.logged(order, { kind: 'late' }, `was given up after ${this.options.timeoutMs} ms`);
      if (error.fault === 'medium') return { kind: 'medium', reason: error.message };
      const kind = { picture: 'unreadable', ended: 'unreadable', not_started: 'busy' } as const;
      return this.logged(order, { kind: kind[error.fault] }, `could not be converted: ${error.message}`);
    } finally {
      limit.end();
      this.giveBack(process);
    }
  }

  private async convertIn(
    process: ConverterProcess,
    limit: TimeLimit,
    order: ConversionOrder,
    files: ConversionFiles,
  ): Promise<Conversion> {
    const shape = await process.open(files.source);
    const target = typeof order.target === 'function' ? order.target(shape) : order.target;
    if (typeof target === 'string') return { kind: target };
    const plan = planConversion(shape, target);
    const bytes = memoryFor(shape, plan);
    const isBeyondFormat =
      target.type === 'image/webp' && Math.max(plan.output.width, plan.output.height) > MAX_WEBP_SIDE;
    if (bytes > this.memory.totalBytes || isBeyondFormat) {
      const { format, width, height, frames } = shape;
      return this.logged(order, { kind: 'too_large' }, `is too large: ${format}, ${width}x${height}, ${frames} frames`);
    }
    const release = await limit.pausedFor(this.memory.acquire(bytes));
    try {
      return { kind: 'made', target, ...(await process.make(plan, files.path)) };
    } finally {
      release();
    }
  }

  private logged(order: ConversionOrder, conversion: Conversion, what: string): Conversion {
    this.log.warn(`${order.label} ${what}`);
    return conversion;
  }

  private take(): ConverterProcess {
    for (const [process, timer] of this.idle) {
      clearTimeout(timer);
      this.idle.delete(process);
      if (process.isAlive) return process;
    }
    const made: ConverterProcess = new ConverterProcess(this.options.memoryBytes, () => this.forget(made));
    this.processes.add(made);
    return made;
  }

  private giveBack(process: ConverterProcess): void {
    if (!process.isAlive) return;
    if (this.isStopping) return process.kill();
    this.idle.set(process, setTimeout(() => process.kill(), this.options.idleMs).unref());
  }

  private forget(process: ConverterProcess): void {
    clearTimeout(this.idle.get(process));
    this.idle.delete(process);
    this.processes.delete(process);
  }
}

/** A time limit that can be paused. */
class TimeLimit {
  isOver = false;
  private timer: NodeJS.Timeout | undefined;
  private left: number;
  private began = 0;

  constructor(
    ms: number,
    private readonly onEnd: () => void,
  ) {
    this.left = ms;
    this.start();
  }

  async pausedFor<T>(work: Promise<T>): Promise<T> {
    this.end();
    this.left -= performance.now() - this.began;
    const result = await work;
    this.start();
    return result;
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private start(): void {
    this.began = performance.now();
    this.timer = setTimeout(() => {
      this.isOver = true;
      this.onEnd();
    }, this.left);
  }
}
