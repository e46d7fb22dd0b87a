import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ClockWatch, Database } from '#libs/database';
import { ResourceGauges } from '../traffic/resource-gauges.js';
import { METRICS } from './metric-names.js';
import { readBacklog, type Backlog } from './backlog.js';

type MetricKey = keyof typeof METRICS;

/** Tasks take seconds to hours. */
const TASK_BUCKETS = [2, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 3_600, 14_400];
const CALL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** How often the lag of the event loop is looked at. Every 10 ms, as is usual, costs 0.4 % of a core, all day; this a third of it. */
const LAG_PRECISION_MS = 50;

/** Everything this replica counts, and what the database says at each scrape. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly setters: (() => void)[] = [];
  readonly submits = this.counter('submits');
  readonly finished = this.counter('finished');
  readonly sentAgain = this.counter('sentAgain');
  readonly lateAcceptances = this.counter('lateAcceptances');
  readonly taskSeconds = this.histogram('taskSeconds', TASK_BUCKETS);
  readonly hookAttempts = this.counter('hookAttempts');
  readonly hookPlaces = this.gauge('hookPlaces');
  readonly upstreamSeconds = this.histogram('upstreamSeconds', CALL_BUCKETS);
  readonly images = this.counter('images');
  readonly conversions = this.counter('conversions');
  readonly conversionSeconds = this.histogram('conversionSeconds', CALL_BUCKETS);
  readonly conversionsNow = this.gauge('conversionsNow');
  readonly conversionMemory = this.gauge('conversionMemory');
  readonly converters = this.gauge('converters');
  readonly storeWritable = this.gauge('storeWritable');
  readonly linkedFetches = this.gauge('linkedFetches');
  readonly linkedBytes = this.gauge('linkedBytes');
  readonly requestSeconds = this.histogram('requestSeconds', CALL_BUCKETS);
  readonly permits = this.gauge('permits');
  readonly permitsRefused = this.counter('permitsRefused');
  private readonly cancelled = this.counter('cancelled');
  readonly clockSteps = this.counter('clockSteps');
  private readonly wallAhead = this.gauge('wallAhead');
  private readonly pollLag = this.gauge('pollLag');
  private readonly waiting = this.gauge('waiting');
  private readonly unknown = this.gauge('unknown');
  private readonly hooksWaiting = this.gauge('hooksWaiting');
  private readonly hooksOldest = this.gauge('hooksOldest');
  private readonly upstreamUp = this.gauge('upstreamUp');
  private readonly upstreamRunning = this.gauge('upstreamRunning');
  private readonly databaseUp = this.gauge('databaseUp');
  readonly connections = this.gauge('connections');

  readonly connectionsCut = this.counter('connectionsCut');
  private readonly shareUsed = this.gauge('shareUsed');
  private readonly shareLimit = this.gauge('shareLimit');

  constructor(
    private readonly database: Database,
    private readonly clocks: ClockWatch,
    private readonly gauges: ResourceGauges,
  ) {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LAG_PRECISION_MS });
    // Counters start at 0: Prometheus sees no increase in a counter's first sample.
    for (const why of ['not_taken', 'failed']) this.sentAgain.inc({ why }, 0);
    for (const clock of ['wall', 'database']) this.clockSteps.inc({ clock }, 0);
    clocks.onStep((clock) => this.clockSteps.inc({ clock }));
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Has gauges set just before each exposition. */
  onScrape(set: () => void): void {
    this.setters.push(set);
  }

  /** The exposition in Prometheus' text format. A database that is away costs its gauges, not the scrape. */
  async scrape(): Promise<string> {
    for (const set of this.setters) set();
    for (const [pool, { busy, idle, waiting }] of Object.entries(this.database.connections())) {
      this.connections.set({ pool, state: 'busy' }, busy);
      this.connections.set({ pool, state: 'idle' }, idle);
      this.connections.set({ pool, state: 'waiting' }, waiting);
    }
    this.cancelled.reset();
    this.cancelled.inc(this.database.cancelled.count);
    this.wallAhead.set(this.clocks.wallAheadMs / 1_000);
    for (const { name, used, limit } of this.gauges.all()) {
      this.shareUsed.set({ share: name }, used());
      if (limit !== null) this.shareLimit.set({ share: name }, limit);
    }
    this.show(await readBacklog(this.database));
    return this.registry.metrics();
  }

  private show(backlog: Backlog | null): void {
    const { pollLag, unknown, waiting, hooksWaiting, hooksOldest, upstreamUp, upstreamRunning } = this;
    this.databaseUp.set(backlog === null ? 0 : 1);
    // Gauges are reset: retired upstreams disappear, and without an answer of the database no value is exported, rather than 0.
    for (const gauge of [upstreamUp, upstreamRunning]) gauge.reset();
    if (backlog === null) {
      for (const gauge of [pollLag, unknown, waiting, hooksWaiting, hooksOldest]) gauge.remove();
      return;
    }
    pollLag.set(backlog.pollLag);
    unknown.set(backlog.unknown);
    waiting.set(backlog.waiting);
    hooksWaiting.set(backlog.hooksWaiting);
    hooksOldest.set(backlog.hooksOldest);
    for (const { name, kind, circuit, running } of backlog.upstreams) {
      upstreamUp.set({ upstream: name, kind }, circuit === 'closed' ? 1 : 0);
      upstreamRunning.set({ upstream: name }, running);
    }
  }

  private counter(key: MetricKey): Counter {
    return new Counter(this.described(key));
  }

  private gauge(key: MetricKey): Gauge {
    return new Gauge(this.described(key));
  }

  private histogram(key: MetricKey, buckets: number[]): Histogram {
    return new Histogram({ ...this.described(key), buckets });
  }

  private described(key: MetricKey): { name: string; help: string; labelNames: string[]; registers: Registry[] } {
    const { name, about, labels } = METRICS[key];
    return { name, help: about, labelNames: [...labels], registers: [this.registry] };
  }
}
