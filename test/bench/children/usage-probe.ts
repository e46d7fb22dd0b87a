import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a process used between `begin` and `end`. */
export interface Usage {
  seconds: number;
  /** Share of one core. */
  cpu: number;
  rssMb: number;
  peakRssMb: number;
  /** How late the event loop was, ms: 99 of 100 times no later than that. */
  loopP99Ms: number;
}

const SAMPLE_MS = 20;
const MB = 1024 * 1024;

/** Measures the process it lives in. */
export class UsageProbe {
  private readonly delay = monitorEventLoopDelay({ resolution: 10 });
  private sampler: NodeJS.Timeout | undefined;
  private began = { at: 0, cpu: process.cpuUsage() };
  private peak = 0;

  /** @param isQuiet looks neither at peaks nor at the event loop meanwhile: that alone costs 0.8 % of a core */
  begin(isQuiet: boolean): void {
    this.peak = process.memoryUsage.rss();
    if (!isQuiet) {
      this.sampler = setInterval(() => (this.peak = Math.max(this.peak, process.memoryUsage.rss())), SAMPLE_MS);
      this.delay.enable();
    }
    this.delay.reset();
    this.began = { at: performance.now(), cpu: process.cpuUsage() };
  }

  end(): Usage {
    const seconds = (performance.now() - this.began.at) / 1_000;
    const { user, system } = process.cpuUsage(this.began.cpu);
    clearInterval(this.sampler);
    this.delay.disable();
    return {
      seconds,
      cpu: (user + system) / 1e6 / seconds,
      rssMb: process.memoryUsage.rss() / MB,
      peakRssMb: this.peak / MB,
      // The probe's own timer is late by its resolution even where nothing else runs.
      loopP99Ms: Math.max(0, this.delay.percentile(99) / 1e6 - 10),
    };
  }
}
