/** A project in a folder of its own, with a home for the client beside it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ROOT } from '../helpers/run-program.ts';

export interface Project {
  folder: string;
  home: string;
  stateDir: string;
  remove(): void;
}

const COMMANDS = ['build', 'ship'];
const AGENTS = ['builder', 'tester', 'reviewer'];
const SKILLS = ['prototype-builder', 'test-writer'];
/** Done by an agent of its own. */
const FORKED_SKILL = 'forked';

export function makeProject(): Project {
  // The client resolves links, and on macOS the temporary folder is one.
  const root = realpathSync(mkdtempSync(`${tmpdir()}/spanbook-client-`));
  const folder = `${root}/shop`;
  const home = `${root}/home`;
  mkdirSync(home);
  const write = (path: string, fields: Record<string, string>, body: string): void => {
    const file = `${folder}/.claude/${path}`;
    mkdirSync(file.slice(0, file.lastIndexOf('/')), { recursive: true });
    const head = Object.entries(fields).map(([key, value]) => `${key}: ${value}\n`);
    writeFileSync(file, `---\n${head.join('')}---\n${body}\n`);
  };
  for (const name of COMMANDS) {
    // The stand-in for the API answers with the script of that name.
    write(`commands/${name}.md`, { description: `runs ${name}` }, `Do it: [[${name}]] $ARGUMENTS`);
  }
  for (const name of AGENTS) write(`agents/${name}.md`, { name, description: `does ${name} work` }, 'You work.');
  for (const name of SKILLS) write(`skills/${name}/SKILL.md`, { name, description: `knows ${name}` }, 'Go on.');
  const forked = { name: FORKED_SKILL, description: 'does forked work', context: 'fork', agent: 'builder' };
  write(`skills/${FORKED_SKILL}/SKILL.md`, forked, `Do it: [[${FORKED_SKILL}]]`);
  return {
    folder,
    home,
    stateDir: `${folder}/state`,
    // A client that was killed may leave a process behind that still writes.
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

const EVENTS =
  'SessionStart SessionEnd UserPromptSubmit UserPromptExpansion Stop StopFailure SubagentStart SubagentStop ' +
  'PostToolUseFailure PermissionDenied';

export function installHooks({ folder, home }: Project): void {
  const env = { PATH: process.env.PATH, HOME: home };
  execFileSync(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, 'init', '--project', folder], { env, stdio: 'pipe' });
}

/** Puts one handler on all events that spanbook listens to. */
export function setHooks(folder: string, handler: object): void {
  const tools = { matcher: 'Agent|Task|Skill', hooks: [handler] };
  const settings = {
    hooks: {
      ...Object.fromEntries(EVENTS.split(' ').map(event => [event, [{ hooks: [handler] }]])),
      PreToolUse: [tools],
      PostToolUse: [tools],
    },
  };
  writeFileSync(`${folder}/.claude/settings.json`, JSON.stringify(settings, null, 2));
}
