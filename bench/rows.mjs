// Rows of the table: what was measured, against what, what was wanted, and what is to be done where that is missed.
import { median, quartiles, ratios, slope } from './statistics.mjs';

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {string} [against] the other side
 * @property {'peer' | 'floor' | 'self'} [kind] of the other side: something one could use instead; the least that is
 *   possible; ours with less to do
 * @property {number[]} [samples] one a round
 * @property {string} [unit]
 * @property {boolean} [isMoreBetter] for rates
 * @property {{ atMost?: number, atLeast?: number }} [aim]
 * @property {string} [figures] the same in milliseconds or the like, for the scale
 * @property {string} [plan] shown if the aim is missed, or a peer is better
 * @property {string} [skipped] why there is nothing to show
 * @property {{ says: string, isMet: boolean }} [check] in place of samples: a thing that is so or not
 */

/** `value` as the table shows it, and as it is judged: what looks like the aim is the aim. */
export function shown(value) {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.095 || size === 0 ? 2 : 4;
  return value.toFixed(digits);
}

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
export function inWords(by, value) {
  if (by === 'ratio') return value <= 1.15 ? 'constant' : value <= 2 ? 'nearly constant' : 'grows';
  if (value < 0.1) return 'constant';
  if (value < 0.9) return 'less than linear';
  return value <= 1.1 ? 'linear' : 'more than linear';
}

function aimOf({ aim }) {
  if (!aim) return '';
  return aim.atMost === undefined ? `>= ${aim.atLeast}` : `<= ${aim.atMost}`;
}

function isMissed({ aim }, value) {
  if (!aim) return false;
  return (aim.atMost !== undefined && value > aim.atMost) || (aim.atLeast !== undefined && value < aim.atLeast);
}

/** Who is better; even if one is the quotient of the middle half of the rounds. A floor cannot be beaten: nobody is. */
function betterOf({ kind, unit, isMoreBetter }, [low, high]) {
  if (kind !== 'peer' || unit !== 'x') return '';
  if (low <= 1 && high >= 1) return 'even';
  return high < 1 === !isMoreBetter ? 'us' : 'peer';
}

/** A row as it is shown: all text, with a verdict. `plan` is null where none is due. */
export function judge(row) {
  const head = {
    what: row.what,
    isGrowth: row.isGrowth ?? false,
    against: row.against ?? '',
    aim: aimOf(row),
    figures: row.figures ?? '',
  };
  const none = { measured: '', noise: '', rounds: '', met: '', better: '', plan: null };
  if (row.skipped) return { ...head, ...none, measured: 'skipped', figures: row.skipped };
  if (row.check) {
    const { says, isMet } = row.check;
    const plan = isMet ? null : (row.plan ?? NO_PLAN);
    return { ...head, ...none, measured: says, aim: 'exact', met: isMet ? 'yes' : 'NO', plan };
  }
  const value = Number(shown(median(row.samples)));
  const range = quartiles(row.samples);
  const missed = isMissed(row, value);
  const better = betterOf(row, range);
  return {
    ...head,
    measured: `${shown(value)}${row.unit ? ` ${row.unit}` : ''}`,
    noise: row.samples.length > 1 ? range.map(shown).join('..') : '',
    rounds: String(row.samples.length),
    met: row.aim ? (missed ? 'NO' : 'yes') : '',
    better,
    plan: missed || better === 'peer' ? (row.plan ?? NO_PLAN) : null,
  };
}

/** So that nobody forgets. */
export const NO_PLAN = 'NO PLAN YET: this needs one.';
