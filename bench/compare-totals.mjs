// Totals of a report against what was written into the transcripts: nothing is timed that counts wrongly.

/** `theirs`: the totals of ccusage, if it runs here. */
export function compareTotals({ told, truth, theirs, size }) {
  const { tokens, uniqueMessages } = truth;
  const pairs = [
    [told.requests, uniqueMessages],
    [told.total_tokens_input, tokens.input],
    [told.total_tokens_output, tokens.output],
    [told.total_tokens_cache_read, tokens.cacheRead],
    [told.total_tokens_cache_write_5m, tokens.cacheCreation - tokens.cacheCreation1h],
    [told.total_tokens_cache_write_1h, tokens.cacheCreation1h],
  ];
  const isExact = pairs.every(([found, expected]) => found === expected);
  const row = { what: `totals of ${size}: requests and five kinds of tokens` };
  const check = { says: isExact ? 'exact' : 'WRONG', isMet: isExact };
  if (!theirs) return [{ ...row, check }];
  const share = (found, expected) => `${((100 * found) / expected).toFixed(1)} %`;
  const shares = [
    `input ${share(theirs.inputTokens, tokens.input)}`,
    `output ${share(theirs.outputTokens, tokens.output)}`,
    `cache read ${share(theirs.cacheReadTokens, tokens.cacheRead)}`,
    `cache write ${share(theirs.cacheCreationTokens, tokens.cacheCreation)}`,
  ];
  return [{ ...row, check, against: 'ccusage', figures: `ccusage counts ${shares.join(', ')}` }];
}
