/** A chart, with the same as a table for whoever cannot see or point. The library is loaded when the first is drawn. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChartOption } from '../../../charts/chart-option.ts';
import type { ChartLook } from '../../../charts/chart-theme.ts';
import { useTheme } from '../ui/theme.ts';
import { useSize } from '../ui/use-size.ts';
import type { DrawnChart } from './draw-chart.ts';

type Charts = typeof import('./draw-chart.ts');

interface ChartBoxProps {
  /** Pixels. */
  height: number;
  option: (charts: Charts, look: ChartLook) => ChartOption;
  /** When another option is to be asked for. */
  of: readonly unknown[];
  /** What the chart shows. */
  table: ComponentChildren;
  title: string;
}

let loading: Promise<Charts> | null = null;
/** Once: the views that have charts begin with it while their data are on their way. */
export const loadCharts = (): Promise<Charts> => {
  loading ??= import('./draw-chart.ts');
  return loading;
};

export function ChartBox({ height, option, of, table, title }: ChartBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<DrawnChart | null>(null);
  const [charts, setCharts] = useState<Charts | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const { width } = useSize(box);
  const theme = useTheme();
  useEffect(() => {
    let isGone = false;
    loadCharts().then(
      loaded => !isGone && setCharts(() => loaded as never),
      () => setFailed(true),
    );
    return () => {
      isGone = true;
      chart.current?.dispose();
    };
  }, []);
  useEffect(() => {
    if (!charts || !box.current || width === 0) return;
    chart.current ??= charts.drawChart(box.current);
    chart.current.show(option(charts, { theme, width, height }), { width, height });
  }, [charts, width, height, theme, ...of]);
  return (
    <figure class="chart">
      <div ref={box} class="chart-box" style={{ height: `${height}px` }} aria-hidden={charts ? undefined : 'true'} />
      {hasFailed && <p class="empty">The charts could not be loaded. The table has the same numbers.</p>}
      <details class="chart-table">
        <summary>
          As a table<span class="sr-only">: {title}</span>
        </summary>
        <div class="table-scroll" tabIndex={0} role="region" aria-label={`Table of ${title}`}>
          {table}
        </div>
      </details>
    </figure>
  );
}
