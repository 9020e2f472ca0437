/** A chart as a picture, without a browser: the same data gives the same bytes. */
import type { ChartOption } from './chart-option.ts';
import { initChart, measureTextBy } from './echarts-core.ts';
import { textWidth } from './text-size.ts';

export interface SvgSize {
  width: number;
  height: number;
}

const TAG = /<[a-z][^>]*>/g;
/** Rules for pointers, and cut-outs: nothing is drawn outside of its axes. */
const UNUSED = /<(style|defs)[\s\S]*?<\/\1>\s*/g;
/** Numbers that the renderer counts up over all charts, and marks for scripts, which a picture has no use for. */
const COUNTED = / (?:class="zr\d+-cls-\d+"|ecmeta_\w+(?:="[^"]*")?|pointer-events="[^"]*"|clip-path="[^"]*")/g;

/** An `svg` element that scales with its place, with no styles and no names of its own outside of its texts. */
export function renderSvg(option: ChartOption, { width, height }: SvgSize): string {
  measureTextBy(textWidth);
  const chart = initChart(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ ...option, animation: false, tooltip: { show: false } });
    return chart
      .renderToSVGString({ useViewBox: true })
      .replace(UNUSED, '')
      .replace(TAG, tag => tag.replace(COUNTED, ''))
      .trim();
  } finally {
    chart.dispose();
  }
}
