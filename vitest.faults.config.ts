import { defineConfig } from 'vitest/config';
import { WHOLE_FILES } from './test/faults/whole-files.ts';

/** What may go wrong, made to happen. The long form takes most of an hour, so none of it is part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/faults/*.faults.ts', ...WHOLE_FILES.map(({ file }) => file)],
    reporters: ['default', './test/faults/report.ts'],
    testTimeout: 120_000,
    pool: 'forks',
    // Most of them wait for processes and disks.
    maxWorkers: 2,
  },
});
