/** How a replica is. */
export class HealthReport {
  status!: 'ok' | 'unavailable';
  /** What is wrong, one short sentence each. */
  problems!: string[];
}
