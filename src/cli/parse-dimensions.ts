/** The dimensions of `--by`. */

import { DIMENSIONS, type Dimension } from '../usage/usage-cube.ts';
import type { CommandCall } from './command-spec.ts';
import { InvalidValue } from './invalid-value.ts';

/** One dimension, or two with a comma between them. */
export function parseDimensions(text: string): readonly Dimension[] {
  const names = text.split(',');
  const known = names.flatMap(name => DIMENSIONS.filter(dimension => dimension === name.trim()));
  if (known.length !== names.length || known.length > 2 || known[0] === known[1]) {
    throw new InvalidValue(`Expected one of ${DIMENSIONS.join(', ')}, or two of them as model,stage.`);
  }
  return known;
}

/** What the call asks for; models if it does not say. */
export function dimensionsOf({ options }: CommandCall): readonly Dimension[] {
  return Array.isArray(options.by) ? (options.by as Dimension[]) : ['model'];
}
