// Rows of the table. Their shape stands in rows.d.mts.
import { shown } from './shown.mjs';
import { median, ratios, slope } from './statistics.mjs';

/** Ours against another, round by round. */
export function ratioRow({ ours, theirs, unit = 'ms', ...row }) {
  const figures = `${shown(median(ours))} ${unit} / ${shown(median(theirs))} ${unit}`;
  return { ...row, samples: ratios(ours, theirs), unit: 'x', figures: row.figures ?? figures };
}

/**
 * How a cost grows over sizes. By its slope; where it is not to grow at all, or begins with nothing, by the ratio of the
 * largest to the smallest. `costs` has the values of all rounds for each size.
 */
export function growthRow({ sizes, labels, costs, unit = 'ms', by, ...row }) {
  const rounds = costs[0].map((_, round) => costs.map(values => values[round]));
  const samples = by === 'slope' ? rounds.map(values => slope(sizes, values)) : ratios(costs.at(-1), costs[0]);
  const points = labels.map((label, at) => `${label}: ${shown(median(costs[at]))}`);
  return {
    ...row,
    isGrowth: true,
    against: by === 'slope' ? 'slope' : `${labels.at(-1)} / ${labels[0]}`,
    kind: 'self',
    samples,
    unit: by === 'slope' ? '' : 'x',
    figures: `${inWords(by, median(samples))}. ${points.join(', ')} ${unit}`,
  };
}

/** What a slope, or a ratio of the largest to the smallest, says. */
function inWords(by, value) {
  if (by === 'ratio') return value <= 1.15 ? 'does not grow' : value <= 2 ? 'hardly grows' : 'grows';
  if (value < 0.1) return 'constant';
  if (value < 0.9) return 'less than linear';
  return value <= 1.1 ? 'linear' : 'more than linear';
}
