/** `usage top`: what used most. */
import { askTop } from '../ask-top.ts';
import type { RunCommand } from '../command-spec.ts';
import { dimensionsOf } from '../parse-dimensions.ts';

export const run: RunCommand = call => askTop(call, dimensionsOf(call));
