import { defineConfig } from 'vitest/config';

/** Runs with a real Jaeger. Finding one may mean building it, so they are no part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/jaeger/*.jaeger.ts'],
    globalSetup: ['test/jaeger/find-jaeger.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Each has a Jaeger of its own, which fills a core while it is sent to.
    fileParallelism: false,
  },
});
