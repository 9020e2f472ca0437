/** What the texts about usage need to know beside the figures. */
import type { NameFilter } from '../query/usage/name-filter.ts';
import type { Calendar } from '../usage/calendar.ts';
import type { UsageView } from '../usage/usage-view.ts';
import type { Style } from './style.ts';

export interface UsageScreen {
  style: Style;
  view: UsageView;
  calendar: Calendar;
  /** As it was asked for; null: that of this machine. */
  zone: string | null;
  stateDir: string;
  /** Shown as `~` in paths. */
  home: string | undefined;
  /** What the figures are limited to. */
  names: NameFilter;
}
