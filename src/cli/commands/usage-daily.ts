/** `usage daily`: usage of the last days, with those without any. */

import { askPeriods } from '../ask-periods.ts';
import type { RunCommand } from '../command-spec.ts';

const DEFAULT_COUNT = 30;

export const run: RunCommand = call => askPeriods(call, { unit: 'day', option: 'days', count: DEFAULT_COUNT });
