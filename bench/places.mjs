// Where things are.
export const MB = 1 << 20;
export const SPANBOOK = new URL('../dist/bin/spanbook.cjs', import.meta.url).pathname;
export const HOOK = new URL('../dist/hooks/claude-code.cjs', import.meta.url).pathname;
/** Where other tools and made transcripts lie until the next run. */
export const CACHE = new URL('../node_modules/.cache/spanbook-bench', import.meta.url).pathname;
