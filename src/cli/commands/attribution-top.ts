/** `attribution top-models` and so on: the same for each dimension. */
import type { Dimension } from '../../usage/usage-cube.ts';
import { askTop } from '../ask-top.ts';
import type { RunCommand } from '../command-spec.ts';

export const topOf =
  (dimension: Dimension): RunCommand =>
  call =>
    askTop(call, [dimension]);
