/** How charts look: colours that colour-blind people can tell apart, on light and on dark ground. */

export type ChartTheme = 'light' | 'dark';

/** What every chart is told of its place. */
export interface ChartLook {
  theme: ChartTheme;
  /** CSS pixels. */
  width: number;
  height: number;
  /** Default: that of the system. */
  font?: string | undefined;
}

export interface ChartColors {
  /** Of series, in their order: neighbours differ in lightness too. */
  series: readonly string[];
  /** What is not known whose it is, and what is not named. */
  unattributed: string;
  others: string;
  ground: string;
  text: string;
  faint: string;
  grid: string;
  accent: string;
  warning: string;
}

export const CHART_COLORS: Readonly<Record<ChartTheme, ChartColors>> = {
  light: {
    series: ['#0060a8', '#d1700c', '#0f8a6b', '#b5629b', '#2e93cf', '#8a6d00', '#5a3fa0', '#c0392b'],
    unattributed: '#6b7280',
    others: '#8b93a1',
    ground: '#ffffff',
    text: '#1f2937',
    faint: '#5b6472',
    grid: '#e3e6eb',
    accent: '#0060a8',
    warning: '#b3261e',
  },
  dark: {
    series: ['#5aa9f0', '#f0a04b', '#3fc39c', '#e79ccb', '#b5e3fb', '#d9c04a', '#a896f0', '#f08a7e'],
    unattributed: '#9aa4b2',
    others: '#737d8c',
    ground: '#12161c',
    text: '#e6e9ee',
    faint: '#9aa4b2',
    grid: '#2a313b',
    accent: '#5aa9f0',
    warning: '#f08a7e',
  },
};

/** Without quotes: the renderer puts it into an attribute as it stands. */
export const CHART_FONT = 'system-ui, -apple-system, Segoe UI, Roboto, sans-serif';
