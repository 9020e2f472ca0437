// Interleaved rounds. Only ratios taken in one run mean anything.
function shuffled(values) {
  const left = [...values];
  return values.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

/**
 * Runs every candidate once a round, in shuffled order. A round before the first warms up and does not count.
 *
 * @returns what each gave, round by round, by its name
 */
export async function interleave(candidates, count) {
  const names = Object.keys(candidates);
  const taken = Object.fromEntries(names.map(name => [name, []]));
  for (let round = 0; round <= count; round++) {
    for (const name of shuffled(names)) {
      const value = await candidates[name]();
      // Processes are waited for without a turn of the event loop: let it see signals, and children that end.
      await new Promise(resolve => setImmediate(resolve));
      if (round > 0) taken[name].push(value);
    }
  }
  return taken;
}
