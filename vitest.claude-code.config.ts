import { defineConfig } from 'vitest/config';

/** Runs of the real client. They take minutes and need its executable, so they are no part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/real-client/*.real.ts'],
    globalSetup: ['test/real-client/install-client.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // A client and its hooks fill two cores.
    fileParallelism: false,
  },
});
