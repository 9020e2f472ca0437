export function shown(value: number): string;
