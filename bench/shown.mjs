// A number for a reader.

/** `value` as the table shows it, and as it is judged: what looks like the aim is the aim. */
export function shown(value) {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.095 || size === 0 ? 2 : 4;
  return value.toFixed(digits);
}
