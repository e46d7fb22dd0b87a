import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartProps } from './chart.tsx';
import { formatNumber } from '../i18n/format.ts';
import { locale } from '../i18n/language.ts';
import { strings } from './strings.ts';

const AXIS_PX = 52;
const DAY_SECONDS = 86_400;
const HALF_HOUR_SECONDS = 1_800;

/** Times along x in the reader's language: clock times within days, dates beyond. */
function timeTexts(splits: number[], everySeconds: number): string[] {
  const clock: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(everySeconds < 60 ? { second: '2-digit' } : {}),
  };
  const [day, time] = [{ month: 'short', day: 'numeric' } as const, clock].map(
    (options) => new Intl.DateTimeFormat(locale(), options),
  );
  return splits.map((at) => {
    const date = new Date(at * 1_000);
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
    return (everySeconds >= DAY_SECONDS || isMidnight ? day : time)?.format(date) ?? '';
  });
}

/** Draws a chart into an element. @returns the plot, which whoever asked for it destroys */
export function drawPlot(
  element: HTMLElement,
  { xs, series, shape, names, format = (value) => formatNumber(value, 2) }: ChartProps,
  { width, height }: { width: number; height: number },
): uPlot {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  // light-dark() is resolved by painting it: a canvas does not know it.
  const probe = element.appendChild(document.createElement('i'));
  const resolved = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color || colour(name);
  };
  const axis = {
    stroke: resolved('--text-soft'),
    grid: { stroke: resolved('--line'), width: 1 },
    ticks: { show: false },
  };
  const time = new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' });
  const options: uPlot.Options = {
    width,
    height,
    cursor: { y: false, points: { size: 6 } },
    legend: { live: true },
    scales: {
      x: { time: names === undefined },
      y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.08 : 1] },
    },
    axes: [
      names === undefined
        ? { ...axis, values: (_plot, splits, _index, _space, every) => timeTexts(splits, every) }
        : { ...axis, values: (_plot, at) => at.map((position) => names[position] ?? '') },
      { ...axis, size: AXIS_PX, values: (_plot, at) => at.map((value) => format(value)) },
    ],
    series: [
      {
        label: names === undefined ? strings.value.time : '',
        value: (_plot, at) => (at == null ? '–' : (names?.[at] ?? time.format(new Date(at * 1_000)))),
      },
      ...series.map(({ label, colour: name, values }) => ({
        label,
        stroke: resolved(name),
        width: 2,
        value: (_plot: uPlot, value: number | null) => (value == null ? '–' : format(value)),
        points: { show: values.filter((value) => value !== null).length < 3 },
        spanGaps: true,
        ...(shape === 'bars' && uPlot.paths.bars !== undefined
          ? { fill: resolved(name), paths: uPlot.paths.bars({ size: [0.7, 48] }), points: { show: false } }
          : {}),
      })),
    ],
  };
  probe.remove();
  const [only] = xs;
  // A single point alone has no width: uPlot would show years after it.
  const isAlone = names === undefined && xs.length === 1 && only !== undefined;
  const room = isAlone && only % DAY_SECONDS === 0 ? DAY_SECONDS : HALF_HOUR_SECONDS;
  const data = isAlone
    ? [[only - room, only, only + room], ...series.map(({ values }) => [null, ...values, null])]
    : [[...xs], ...series.map(({ values }) => [...values])];
  return new uPlot(options, data as uPlot.AlignedData, element);
}
