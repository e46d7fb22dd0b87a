import { Injectable } from '@nestjs/common';
import { ConverterPool, LinkedInputs, StoreHealth } from '#libs/assets';
import { Metrics } from './metrics.service.js';

/** Counts conversions and fetches of pictures, and says whether the store can be written to. */
@Injectable()
export class PictureMetrics {
  constructor(metrics: Metrics, converters: ConverterPool, inputs: LinkedInputs, storeHealth: StoreHealth) {
    converters.onConversion((result, ms) => {
      metrics.conversions.inc({ result });
      metrics.conversionSeconds.observe(ms / 1_000);
    });
    metrics.onScrape(() => {
      const { running, waiting, memoryBytes, memoryTotal, processes } = converters.state;
      metrics.conversionsNow.set({ state: 'running' }, running);
      metrics.conversionsNow.set({ state: 'waiting' }, waiting);
      metrics.conversionMemory.set({ state: 'taken' }, memoryBytes);
      metrics.conversionMemory.set({ state: 'total' }, memoryTotal);
      metrics.converters.set(processes);
    });
    metrics.onScrape(() => metrics.storeWritable.set(storeHealth.isWritable ? 1 : 0));
    metrics.onScrape(() => {
      metrics.linkedFetches.set(inputs.fetching);
      metrics.linkedBytes.set(inputs.held);
    });
  }
}
