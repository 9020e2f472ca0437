// Makes a configuration folder of Claude Code with transcripts in it: as large as wanted, the same bytes for the same seed.
//
// node bench/make-transcripts.mjs --out DIR [--mb 500] [--files 400] [--sessions N] [--forks N] [--seed 1]
//
// `projects/` has the shapes of real records and of what goes wrong with them; `truth.json` beside it says what is inside.
import { existsSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createFiller } from './transcripts/filler.mjs';
import { createShares, makePlan, planSessions } from './transcripts/plan.mjs';
import { createRandom } from './transcripts/random.mjs';
import { writeSession } from './transcripts/sessions.mjs';
import { createTruth } from './transcripts/truth.mjs';
import { SKILLS } from './transcripts/work.mjs';

const MIB = 2 ** 20;
const AGENT_WEIGHTS = [0.3, 0.6, 1, 1, 1.4, 2.2];
/** How far behind its size the tree may be before outputs get one step longer, as a share of the whole. */
const SLACK = 0.01;
const USUAL_SCALE = 0.4;
const LARGEST_SCALE = 8;

function createWorld(plan, projects) {
  const random = createRandom(plan.seed);
  const filler = createFiller(random);
  const truth = createTruth();
  const agentWeights = Array.from({ length: plan.agentCount }, () => random.pick(AGENT_WEIGHTS));
  const sizeBytes = plan.mb * MIB;
  const types = ['builder', 'tester', 'reviewer', 'claude', 'Explore', 'general-purpose', 'Plan'];
  const addedLines = types.map(type => `- ${type}: ${filler.words(14)} (Tools: All tools)`);
  const names = [...SKILLS, 'simple', 'fanout', 'deep-research'];
  const listed = names.map(name => `- ${name}: ${filler.words(30)}`).join('\n');
  return {
    plan,
    projects,
    random,
    filler,
    truth,
    agentWeights,
    agentShares: createShares(plan.agentMessages, agentWeights),
    agentListing: {
      type: 'agent_listing_delta',
      addedTypes: types,
      addedLines,
      removedTypes: [],
      isInitial: true,
      showConcurrencyNote: true,
    },
    skillListing: { type: 'skill_listing', content: listed, skillCount: names.length, isInitial: true, names },
    pictureScale: Math.min(1, plan.mb / 200),
    turns: 0,
    /** The number of the agent from which on the next one calls an agent itself, or runs in the background. */
    next: { caller: 0, background: 0 },
    /** Outputs of tools are as long as it takes to end at the wanted size. */
    scale() {
      const wantedBytes = (sizeBytes * truth.uniqueMessages) / plan.messages;
      const step = (wantedBytes - truth.bytes) / (SLACK * sizeBytes);
      return Math.min(LARGEST_SCALE, Math.max(0.01, USUAL_SCALE + step));
    },
  };
}

/**
 * Writes `projects/` and `truth.json` into `out`, and gives what `truth.json` says.
 * `mb` is the size of the transcripts in MiB, `files` the number of transcripts, those of agents among them.
 */
export function writeTranscripts({ out, ...options }) {
  const plan = makePlan(options);
  const projects = `${out}/projects`;
  if (existsSync(projects)) throw new Error(`${projects}: expected no such folder, got one. Remove it or set --out.`);
  const world = createWorld(plan, projects);
  const sessions = planSessions(plan, world.random);
  const weights = sessions.map(({ weight }) => weight);
  const shares = {
    messages: createShares(plan.messages - plan.agentMessages, weights),
    agents: createShares(plan.agentCount, weights),
  };
  let previous;
  for (const planned of sessions) {
    previous = writeSession(world, { planned, shares, parent: planned.isFork ? previous : undefined });
  }
  const { mb, files, seed } = plan;
  const truth = { options: { mb, files, seed }, ...world.truth.figures(projects) };
  writeFileSync(`${out}/truth.json`, `${JSON.stringify(truth, null, 2)}\n`);
  return truth;
}

function main() {
  const number = { type: 'string' };
  const options = { out: { type: 'string' }, mb: number, files: number, sessions: number, forks: number, seed: number };
  const { out, ...numbers } = parseArgs({ options }).values;
  if (!out) throw new Error('--out: expected a folder, got nothing');
  const counts = Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, Number(text)]));
  const began = performance.now();
  const truth = writeTranscripts({ out, ...counts });
  console.log(JSON.stringify(truth, null, 2));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.error(`${seconds} s, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
