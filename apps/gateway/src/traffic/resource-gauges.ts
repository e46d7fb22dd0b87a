/** Something of which requests hold a part: how much is held now, and of how much. */
export interface ResourceGauge {
  /** As in the metric `journeyman_share_used`: snake case, with its unit where it is no count. */
  name: string;
  /** The most that may be held; null: no limit of its own. */
  limit: number | null;
  used: () => number;
}

/** Everything that requests hold a part of, for whoever looks (metrics). What holds nothing reads 0. */
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
