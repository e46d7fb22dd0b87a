import type { Parameters } from '../../../api/questions.ts';
import { toLocalInput } from '../../../i18n/local-input.ts';
import type { ShownParameter } from './parameter-names.ts';

/** Spans that reach up to now, as they stand in the address: `-24h`. */
export const TIME_PRESETS = ['-1h', '-6h', '-24h', '-7d', '-30d', '-90d'] as const;
export type TimePreset = (typeof TIME_PRESETS)[number];

const RELATIVE = /^-(\d{1,5})([mhd])$/;
const MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A time as the gateway takes it: spans before now become ISO 8601, all else stays. @param now ms since the epoch */
export function resolveTime(value: string, now: number): string {
  const [, count, unit] = RELATIVE.exec(value) ?? [];
  if (count === undefined || unit === undefined) return value;
  return new Date(now - Number(count) * MS[unit as keyof typeof MS]).toISOString();
}

/** A time of the address as the browser's field for times has it; '' where it is none. */
export function shownTime(value: string, now: number): string {
  const resolved = resolveTime(value, now);
  return toLocalInput(/^\d+$/.test(resolved) ? new Date(Number(resolved)).toISOString() : resolved);
}

/** The values that are sent with a query: of its own parameters only, times resolved. */
export function sentValues(shown: readonly ShownParameter[], values: Parameters, now: number): Parameters {
  const sent: Parameters = {};
  for (const { name, type } of shown) {
    const value = values[name];
    if (value === undefined || value === null || value === '') continue;
    sent[name] = type === 'time' ? resolveTime(value, now) : value;
  }
  return sent;
}
