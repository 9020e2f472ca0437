// Sessions: a main transcript with its turns, and forks, which begin with the records of another session.
import { createThread } from './records.mjs';
import { openTranscript } from './transcript-file.mjs';
import { writeNotification, writeTurn } from './turns.mjs';

const PROJECTS = ['shop', 'billing', 'search-api', 'mobile_app', 'docs.site', 'infra', 'data-jobs', 'web'];
const MODELS = ['claude-opus-4-8', 'claude-sonnet-5', 'claude-opus-4-8', 'claude-sonnet-4-5-20250929'];
const FIRST_DAY = Date.UTC(2026, 8, 22, 7);
const FIRST_OLD_DAY = Date.UTC(2026, 0, 20, 7);
const DAYS = 61;
const DAY_MILLIS = 86_400_000;
const NOTIFIED_SHARE = 0.6;

/** Keeps the beginning of a session, for its fork: whole turns, until there are responses enough. */
function createReplay(leastMessages) {
  const lines = [];
  let isOpen = true;
  const counts = { messages: 0, records: 0 };
  return {
    lines,
    counts,
    keep(line) {
      if (isOpen) lines.push(line);
    },
    countMessage(records) {
      if (!isOpen) return;
      counts.messages++;
      counts.records += records;
    },
    endTurn() {
      if (counts.messages >= leastMessages) isOpen = false;
    },
  };
}

function createSession(world, planned) {
  const { random, plan } = world;
  const { index, isOld } = planned;
  const id = random.uuid();
  const cwd = `/home/dev/${random.pick(PROJECTS)}`;
  const isTyped = !isOld && random.chance(0.6);
  const firstDay = isOld ? FIRST_OLD_DAY : FIRST_DAY;
  const startedAt = firstDay + Math.floor((index * DAYS * DAY_MILLIS) / plan.originalCount) + random.below(DAY_MILLIS);
  const place = { cwd, sessionId: id, version: isOld ? '2.1.42' : '2.1.197', gitBranch: 'main' };
  const entrypoint = isTyped ? 'cli' : 'sdk-cli';
  return {
    ...planned,
    world,
    id,
    cwd,
    slug: cwd.replace(/[^a-zA-Z0-9]/g, '-'),
    isTyped,
    startedAt,
    isSubscriber: random.chance(0.5),
    hasHooks: random.chance(0.55),
    model: random.pick(MODELS),
    envelope: { userType: 'external', ...(isOld ? {} : { entrypoint }), ...place },
    turns: 0,
    pending: [],
  };
}

function open(session, world) {
  session.folder = `${world.projects}/${session.slug}/${session.id}`;
  const file = openTranscript(`${session.folder}.jsonl`, { truth: world.truth, isSpaced: session.isSpaced });
  world.truth.files++;
  world.truth.mainFiles++;
  if (session.isOld) world.truth.oldFiles++;
  session.thread = createThread({ world, session, file, clock: session.startedAt });
  return file;
}

function breakLines({ isTorn, turns }, file) {
  if (isTorn && turns % 3 === 1 && turns < 9) file.breakLine({ isHole: turns % 2 === 0 });
}

function writeTurns(session) {
  const { thread, world } = session;
  const { file } = thread;
  do {
    writeTurn(session);
    session.replay?.endTurn();
    breakLines(session, file);
    const isLast = session.messagesLeft <= 0 && session.agentsLeft <= 0;
    while (session.pending.length && (isLast || world.random.chance(NOTIFIED_SHARE))) {
      writeNotification(session, session.pending.shift());
    }
  } while (session.messagesLeft > 0 || session.agentsLeft > 0 || session.pending.length > 0);
}

/** Copies what a fork begins with. Newer clients say where each record comes from. */
function replay(fork, { lines, counts, sessionId }) {
  const { thread, world, isOld } = fork;
  for (const line of lines) {
    const record = { ...JSON.parse(line), sessionId: fork.id };
    if (!isOld) record.forkedFrom = { sessionId, messageUuid: record.uuid };
    thread.file.write(record);
    thread.parentUuid = record.uuid;
  }
  world.truth.crossFileCopies += counts.messages;
  world.truth.sameFileCopies += counts.records - counts.messages;
}

function shareOut(session, { messages, agents }) {
  session.messagesLeft = Math.max(session.leastMessages, messages.next(session.weight), 2);
  session.agentsLeft = agents.next(session.weight);
  agents.take(session.agentsLeft);
}

/** Writes the main transcript of a session and those of its agents. `parent` is the session that a fork goes on from. */
export function writeSession(world, { planned, shares, parent }) {
  const session = createSession(world, planned);
  shareOut(session, shares);
  if (planned.isForked && !planned.isFork) session.replay = createReplay(world.plan.replayedPerFork);
  if (parent) {
    const { cwd, slug, isTyped } = parent;
    const startedAt = parent.thread.clock + DAY_MILLIS / 24;
    Object.assign(session, { cwd, slug, isTyped, startedAt });
    session.envelope = { ...parent.envelope, sessionId: session.id };
  }
  const file = open(session, world);
  if (parent) {
    world.truth.forkFiles++;
    replay(session, { ...parent.replay, sessionId: parent.id });
  }
  if (session.isOld && !parent) file.write({ type: 'summary', summary: world.filler.words(6), leafUuid: session.id });
  writeTurns(session);
  if (session.isTorn) file.breakLine({ isEnd: true });
  file.close(session.thread.clock);
  shares.messages.take(session.thread.messages);
  return session;
}
