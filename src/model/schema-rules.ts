/** Building blocks of the schemas for files that people edit: every refusal says what is allowed instead. */
import { z } from 'zod';

/** The error of a zod check in words: what is allowed. */
export const rule = (allowed: string): { error: string } => ({ error: allowed });

/** An object that takes these keys and no others. */
export function section<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const keys = Object.keys(shape)
    .filter(key => key !== '$schema')
    .join(', ');
  return z.strictObject(shape, {
    error: issue => (issue.code === 'unrecognized_keys' ? `only ${keys}` : `an object with ${keys}`),
  });
}
