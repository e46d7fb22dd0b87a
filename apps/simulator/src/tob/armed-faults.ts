import { type TobFaults, tobFaultsOfHeader } from './tob-faults.js';

interface Armed {
  /** The operation that they wait for; null takes any. */
  readonly operation: string | null;
  readonly faults: TobFaults;
  times: number;
}

/** Faults that wait for coming submits: for those that carry no text to order them in. */
export class ArmedFaults {
  private armed: Armed[] = [];

  /** @returns the name that is no fault, or null when they are armed */
  arm(header: string, operation: string | null, times: number): string | null {
    const { faults, unknown } = tobFaultsOfHeader(header);
    if (unknown === null) this.armed.push({ operation, faults, times });
    return unknown;
  }

  disarm(): void {
    this.armed = [];
  }

  /** The faults of the submit that comes now; each is counted off. */
  take(operation: string): TobFaults {
    const due = this.armed.find((each) => each.operation === null || each.operation === operation);
    if (due === undefined) return new Map();
    due.times -= 1;
    if (due.times <= 0) this.armed = this.armed.filter((each) => each !== due);
    return due.faults;
  }
}
