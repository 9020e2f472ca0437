// Plans that more than one case needs.

export const START_PLAN =
  'Most of it is the start of Node.js, later than that of Python or of a native program, and the bundle. Next: a code cache for the bundle, which helped when it was tried; it needs a place that is safe to read code from.';

export const COLD_PLAN =
  'More is read than sums need: agents, skills and results of tools, and a line is kept for each request. Next: leave the results of tools untokenised, and one isolate for JavaScript with workers that only scan.';
