/** A value held against a schema, whatever it is. */
import type { z } from 'zod';

/** Null: it has an object with a `length` that is no number, which zod takes for a list or a text and stumbles over. */
export function checkedBy<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> | null {
  try {
    return schema.safeParse(value);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
