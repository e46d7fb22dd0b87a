import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { theme } from '../app/theme.ts';
import { locale } from '../i18n/language.ts';
import styles from './chart.module.css';

/** A line or a stack of bars of a chart. */
export interface Series {
  label: string;
  values: readonly (number | null)[];
  /** CSS custom property of its colour, such as `--chart-1`. */
  colour: string;
}

export interface ChartProps {
  /** What the chart shows, for screen readers. */
  label: string;
  /** Seconds since the epoch for a chart over time; positions 0, 1, 2 … for bars by `names`. */
  xs: readonly number[];
  series: readonly Series[];
  shape: 'lines' | 'bars';
  /** Names of the bars, where x is no time. */
  names?: readonly string[];
  /** px */
  height?: number;
  format?: (value: number) => string;
}

/** A chart over time or by name, drawn by uPlot, which is loaded when the first chart is shown. */
export function Chart(props: ChartProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const { label, height = 200 } = props;
  const shownTheme = theme.value;
  const shownLocale = locale();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let plot: uPlot | null = null;
    let isGone = false;
    const resize = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height }));
    void import('./plot.ts').then(({ drawPlot }) => {
      if (isGone) return;
      plot = drawPlot(element, props, { width: element.clientWidth, height });
      resize.observe(element);
    });
    return () => {
      isGone = true;
      resize.disconnect();
      plot?.destroy();
    };
  }, [props.xs, props.series, props.shape, height, shownTheme, shownLocale]);
  return <div ref={place} class={styles['chart']} style={{ minHeight: `${height}px` }} role="img" aria-label={label} />;
}
