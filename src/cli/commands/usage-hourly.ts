/** `usage hourly`: usage of the last hours, with those without any. */

import { askPeriods } from '../ask-periods.ts';
import type { RunCommand } from '../command-spec.ts';

const DEFAULT_COUNT = 24;

export const run: RunCommand = call => askPeriods(call, { unit: 'hour', option: 'hours', count: DEFAULT_COUNT });
