// How much there will be of everything, before the first byte is written.
const MESSAGES_PER_MIB = 102;
const SESSION_SHARE = 0.3;
const FORK_SHARE = 0.1;
const AGENT_MESSAGE_SHARE = 0.33;
const REPLAYED_SHARE = 0.08;
const FORK_WEIGHT = 0.3;
const WEIGHTS = [0.3, 0.6, 1, 1, 1.4, 2.2];
const COMPACT_EVERY = 160;

function checked(name, value, least) {
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name}: expected a whole number of at least ${least}, got ${value}`);
}

export function makePlan({ mb = 500, files = 400, sessions, forks, seed = 1 }) {
  checked('mb', mb, 1);
  checked('files', files, 4);
  checked('seed', seed, 0);
  const sessionCount = checked('sessions', sessions ?? Math.max(3, Math.round(files * SESSION_SHARE)), 2);
  const forkCount = checked('forks', forks ?? Math.max(1, Math.round(sessionCount * FORK_SHARE)), 0);
  if (files < sessionCount) throw new Error(`--files: expected at least the ${sessionCount} sessions, got ${files}`);
  const originalCount = sessionCount - forkCount;
  if (originalCount < forkCount) throw new Error(`--forks: expected at most ${sessionCount >> 1}, got ${forkCount}`);
  const messages = Math.round(mb * MESSAGES_PER_MIB);
  const agentCount = files - sessionCount;
  const agentMessages = agentCount ? Math.round(messages * AGENT_MESSAGE_SHARE) : 0;
  const meanMain = (messages - agentMessages) / (originalCount + forkCount * FORK_WEIGHT);
  return {
    mb,
    files,
    seed,
    sessionCount,
    forkCount,
    originalCount,
    agentCount,
    agentMessages,
    messages,
    replayedPerFork: forkCount ? Math.round((messages * REPLAYED_SHARE) / forkCount) : 0,
    compactEvery: Math.min(COMPACT_EVERY, Math.max(12, Math.round(meanMain * 0.6))),
  };
}

/** The sessions in the order in which they are written: each fork right after the session that it goes on from. */
export function planSessions(plan, random) {
  const { originalCount, forkCount } = plan;
  const forked = new Set(
    Array.from({ length: forkCount }, (_, fork) => Math.floor((fork * originalCount) / forkCount)),
  );
  return Array.from({ length: originalCount }, (_, index) => {
    const isForked = forked.has(index);
    const original = {
      index,
      weight: isForked ? 1 : random.pick(WEIGHTS),
      leastMessages: isForked ? Math.ceil(plan.replayedPerFork * 1.2) : 0,
      isForked,
      isOld: index % 7 === 1,
      isSpaced: index % 25 === 2,
      isMicro: index % 25 === 2 || index % 25 === 9,
      isTorn: index % 12 === 2,
      isProxied: index % 40 === 12,
    };
    return isForked ? [original, { ...original, weight: FORK_WEIGHT, leastMessages: 0, isFork: true }] : [original];
  }).flat();
}

/** Deals a sum out by weight, whole numbers only: what one takes too much or too little is evened out by the next ones. */
export function createShares(total, weights) {
  let left = total;
  let weightLeft = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    next(weight) {
      const share = weightLeft > 0 ? Math.max(0, Math.round((left * weight) / weightLeft)) : 0;
      weightLeft = Math.max(0, weightLeft - weight);
      // With the last weight gone, rounding must not leave a rest.
      return weightLeft < 1e-9 ? Math.max(0, left) : share;
    },
    take(count) {
      left -= count;
    },
  };
}
