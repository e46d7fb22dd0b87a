/** How a replica is. */
export class HealthReport {
  /** @example 'ok' */
  status!: 'ok' | 'unavailable';
  /**
   * What is wrong, one short sentence each.
   * @example []
   */
  problems!: string[];
}
