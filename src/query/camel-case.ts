/** snake_case answers → the camelCase of the TypeScript API. */

/** What lies under these keys came from outside and stays as it is. */
const FOREIGN_KEYS = ['attributes', 'outputs', 'recovery'] as const;
type ForeignKey = (typeof FOREIGN_KEYS)[number];

type CamelKey<K> = K extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : K;

/** The type of an answer with its keys in camelCase. */
export type CamelCased<T> = T extends readonly (infer Item)[]
  ? CamelCased<Item>[]
  : T extends object
    ? { [K in keyof T as CamelKey<K>]: K extends ForeignKey ? T[K] : CamelCased<T[K]> }
    : T;

/** Converts keys all the way down, but not below `attributes`, `outputs` and `recovery`. */
export function camelCase<T>(value: T): CamelCased<T> {
  return converted(value) as CamelCased<T>;
}

function converted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(converted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    (FOREIGN_KEYS as readonly string[]).includes(key) ? item : converted(item),
  ]);
  return Object.fromEntries(entries);
}
