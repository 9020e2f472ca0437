// Plans that more than one case needs.

export const START_PLAN =
  'Most of it is the start of Node.js, later than that of Python or of a native program, and the bundle. A code cache for the bundle was tried: it saves what it takes to load. Next: bundles for the other commands that hold nothing else, as usage has one.';

export const MEMORY_PLAN =
  'Each of the two threads has code and a heap of its own. Next: one isolate for JavaScript, with a worker that only scans.';

export const COLD_PLAN =
  'More is read than sums need: agents, skills and results of tools, and a line is kept for each request. What it takes is spread over many small functions, in two isolates. Next: make the lines of the ledger where the bytes are read, in WebAssembly, and one isolate for JavaScript with a worker that only scans.';
