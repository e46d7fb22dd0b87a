import { overWholeSpan, timeSpanOf } from './time-span.ts';

const HOUR = 3_600;
const AT = 1_796_140_800;
const line = (
  label: string,
  values: (number | null)[],
): { label: string; colour: string; values: (number | null)[] } => ({
  label,
  colour: '--chart-1',
  values,
});

describe('overWholeSpan', () => {
  it('tells zero where nothing happened, and nothing of what was not measured', () => {
    const data = { xs: [AT + HOUR], series: [line('succeeded', [7]), line('queue p50 seconds', [0.2])] };
    const whole = overWholeSpan(data, { from: AT + 30, to: AT + 2 * HOUR + 5 * HOUR + 9 * HOUR });
    expect(whole.xs).toHaveLength(17);
    expect(whole.xs.slice(0, 3)).toEqual([AT, AT + HOUR, AT + 2 * HOUR]);
    expect(whole.series[0]?.values.slice(0, 3)).toEqual([0, 7, 0]);
    expect(whole.series[1]?.values.slice(0, 3)).toEqual([null, 0.2, null]);
  });

  it('leaves an answer as it is whose rows are of other buckets', () => {
    const data = { xs: [AT + 90], series: [line('succeeded', [1])] };
    expect(overWholeSpan(data, { from: AT, to: AT + HOUR })).toBe(data);
  });

  it('goes by days where all rows are of days', () => {
    const midnight = AT - (AT % 86_400);
    const data = { xs: [midnight], series: [line('dead', [2])] };
    expect(overWholeSpan(data, { from: midnight - 86_400, to: midnight + HOUR }).series[0]?.values).toEqual([0, 2]);
  });
});

describe('timeSpanOf', () => {
  it('ends now where no end is named, and is nothing without a beginning', () => {
    expect(timeSpanOf({ from: '1970-01-01T00:00:01Z' }, 5_000)).toEqual({ from: 1, to: 5 });
    expect(timeSpanOf({ from: null }, 5_000)).toBeNull();
    expect(timeSpanOf({ from: '1970-01-01T00:00:09Z', to: '1970-01-01T00:00:01Z' }, 0)).toBeNull();
  });
});
