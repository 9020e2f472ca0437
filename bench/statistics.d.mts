export function quantile(values: readonly number[], part: number): number;
export function median(values: readonly number[]): number;
export function quartiles(values: readonly number[]): [number, number];
export function ratios(ours: readonly number[], theirs: readonly number[]): number[];
export function slope(sizes: readonly number[], costs: readonly number[]): number;
