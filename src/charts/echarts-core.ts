/** The parts of ECharts that our charts use; registered here, so that a bundle has these and no others. */
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer]);

/** `echarts.init`, for the page (with an element) and for pictures without a browser (with null). */
export const initChart = init;

/** Without a browser nothing measures text, and what is drawn would be laid out by a guess of the library. */
export const measureTextBy = (width: (text: string, fontSize: number) => number): void =>
  setPlatformAPI({
    measureText: (text, font) => ({ width: width(text, Number(/([\d.]+)px/.exec(font ?? '')?.[1] ?? 12)) }),
  });
