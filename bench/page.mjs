// `docs/benchmarks.md`, all of it.
import { asMarkdown } from './table.mjs';

const HEAD = `# Benchmarks

Made by \`npm run bench\`; no figure here was typed by hand, and an edit is lost with the next run. How each is measured,
what its limit is, and what the figures cannot say: [bench/README.md](../bench/README.md).

Only ratios of the same run mean anything; milliseconds are given for the scale. Each row is a median with its middle
half (p25..p75). \`x\` is ours divided by the other side: below 1 is less, which is better except for rates. *Better* is
said of things that one could use instead, *even* if 1 lies within the middle half. Against an empty script, or ours with
less to do, nobody is better: that is the least that is possible.
`;

/** @param {{ facts: Record<string, string>, sections: object[] }} result */
export function makePage({ facts, sections }) {
  const rows = Object.entries(facts).map(([name, value]) => `| ${name} | ${value} |`);
  const machine = ['## Measured on', '', '| | |', '|---|---|', ...rows, ''].join('\n');
  return [HEAD, machine, asMarkdown(sections)].join('\n');
}
