import { Logger, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { memoryFor, memoryForGrid } from './conversion-memory.js';
import { planConversion } from './conversion-plan.js';
import type {
  Conversion,
  ConversionFiles,
  ConversionOrder,
  GridFiles,
  GridOrder,
  Order,
  Released,
} from './conversion-order.js';
import { ConversionQueue } from './conversion-queue.js';
import { ConversionFailedError, ConverterProcess } from './converter-process.js';
import { planGrid } from './grid-plan.js';
import { MemoryBudget } from './memory-budget.js';
import type { PictureShape } from './picture-shape.js';
import { TimeLimit } from './time-limit.js';

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

/** How a pool is used now. */
export interface ConverterState {
  running: number;
  waiting: number;
  /** Permits of the conversions that run. */
  memoryBytes: number;
  memoryTotal: number;
  processes: number;
}

type Work<Files> = (process: ConverterProcess, limit: TimeLimit, files: Files) => Promise<Conversion>;

const MAX_CONVERSIONS = 2;
const QUEUE = { running: MAX_CONVERSIONS, waiting: 64, waitingOfOne: 32 };
/** How long a shutdown waits for conversions that run, ms. */
const DRAIN_MS = 5_000;
/** Longest side that a WebP can have, px. */
const MAX_WEBP_SIDE = 16_383;
/** Longest side of a composed grid, px: four pictures of 2,048 px. The smaller ones are for little memory. */
const MAX_GRID_SIDE = 4_096;
const GRID_SIDES = [MAX_GRID_SIDE, MAX_GRID_SIDE / 2, MAX_GRID_SIDE / 4];

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
  convert(order: ConversionOrder): Promise<Conversion> {
    return this.run(order, (process, limit, files) => this.convertIn(process, limit, order, files));
  }

  /**
   * Composes one picture of several, of no more than MAX_GRID_SIDE px a side, or less where memory is short. Faults are
   * results. @throws what `prepare` throws
   */
  compose(order: GridOrder): Promise<Conversion> {
    return this.run(order, (process, limit, files) => this.composeIn(process, limit, order, files));
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

  private async run<Files extends Released>(order: Order<Files>, make: Work<Files>): Promise<Conversion> {
    const began = performance.now();
    const done: Conversion = (await this.queue.run(order.asker, () => this.work(order, make))) ?? { kind: 'busy' };
    for (const listener of this.listeners) listener(done.kind, performance.now() - began);
    return done;
  }

  private async work<Files extends Released>(order: Order<Files>, make: Work<Files>): Promise<Conversion> {
    const files = await order.prepare();
    try {
      return await this.inProcess(order, (process, limit) => make(process, limit, files));
    } finally {
      await files.release();
    }
  }

  private async inProcess(
    order: Order<Released>,
    make: (process: ConverterProcess, limit: TimeLimit) => Promise<Conversion>,
  ): Promise<Conversion> {
    const process = this.take();
    const limit = new TimeLimit(this.options.timeoutMs, () => process.kill());
    try {
      return await make(process, limit);
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
    return this.within(bytes, limit, async () => ({
      kind: 'made',
      target,
      ...(await process.make(plan, files.path)),
    }));
  }

  private async composeIn(
    process: ConverterProcess,
    limit: TimeLimit,
    order: GridOrder,
    { tiles }: GridFiles,
  ): Promise<Conversion> {
    const shapes: (PictureShape | null)[] = [];
    for (const tile of tiles) shapes.push(tile === null ? null : await process.open(tile));
    for (const side of GRID_SIDES) {
      const plan = planGrid(shapes, side);
      const bytes = memoryForGrid(shapes, plan);
      if (bytes > this.memory.totalBytes) continue;
      const target = { type: plan.type, cell: null, width: null };
      return this.within(bytes, limit, async () => ({
        kind: 'made',
        target,
        ...(await process.compose(plan, tiles)),
      }));
    }
    return this.logged(order, { kind: 'too_large' }, 'is too large to be composed');
  }

  private async within<T>(bytes: number, limit: TimeLimit, work: () => Promise<T>): Promise<T> {
    const release = await limit.pausedFor(this.memory.acquire(bytes));
    try {
      return await work();
    } finally {
      release();
    }
  }

  private logged(order: Order<Released>, conversion: Conversion, what: string): Conversion {
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
