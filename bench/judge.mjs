// The verdict on a row: whether its aim is met, who is better, and what is to be done.
import { shown } from './shown.mjs';
import { median, quartiles } from './statistics.mjs';

/** So that nobody forgets. */
export const NO_PLAN = 'NO PLAN YET: this needs one.';

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
