// Plans that more than one case needs.

export const START_PLAN =
  'Most of it is the start of Node.js, later than that of Python or of a native program, and the bundle. Next: a code cache for the bundle, which helped when it was tried; it needs a place that is safe to read code from.';

export const MEMORY_PLAN =
  'The engine lets its heap grow before it collects. Next: the flag that makes it collect early, set at run time for the reader, and one isolate instead of one for each worker.';

export const COLD_PLAN =
  'More is read than sums need: agents, skills and results of tools, and a line is kept for each request. Next: leave the results of tools untokenised, and one isolate for JavaScript with workers that only scan.';
