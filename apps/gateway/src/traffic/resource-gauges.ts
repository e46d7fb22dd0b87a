/** A limited resource that requests hold parts of: how much is held now, and the limit. */
export interface ResourceGauge {
  /** As in the metric `journeyman_share_used`: snake case, with its unit where it is no count. */
  name: string;
  /** The most that may be held; null: no limit of its own. */
  limit: number | null;
  used: () => number;
}

/** Gauges of all resources that requests hold, for metrics. Each reads 0 when no request is under way. */
export class ResourceGauges {
  private readonly gauges = new Map<string, ResourceGauge>();

  /** @throws Error for a name that is taken */
  add(gauge: ResourceGauge): void {
    if (this.gauges.has(gauge.name)) throw new Error(`there are two gauges ${gauge.name}`);
    this.gauges.set(gauge.name, gauge);
  }

  all(): Iterable<ResourceGauge> {
    return this.gauges.values();
  }
}
