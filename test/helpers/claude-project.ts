/** A project of Claude Code and a home, both empty, with the command line run in them. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CliResult, cli } from './run-cli.ts';
import { tempDir } from './temp-dir.ts';

export interface ClaudeProject {
  root: string;
  project: string;
  home: string;
  settings: string;
  localSettings: string;
  hooksDir: string;
  userSettings: string;
  env: Record<string, string | undefined>;
  /** Runs `spanbook …` in the project. */
  run(...argv: string[]): Promise<CliResult>;
  /** The JSON answer of a command that must succeed. */
  ask(...argv: string[]): Promise<Record<string, unknown>>;
}

export function makeProject(settings?: string | Buffer): ClaudeProject {
  const root = tempDir();
  const project = `${root}/project`;
  const home = `${root}/home`;
  mkdirSync(project);
  mkdirSync(home);
  const env = { HOME: home };
  const run = (...argv: string[]): Promise<CliResult> => cli(argv, { cwd: project, env });
  const made: ClaudeProject = {
    root,
    project,
    home,
    settings: `${project}/.claude/settings.json`,
    localSettings: `${project}/.claude/settings.local.json`,
    hooksDir: `${project}/.claude/hooks/spanbook`,
    userSettings: `${home}/.claude/settings.json`,
    env,
    run,
    async ask(...argv) {
      const { code, out, err } = await run(...argv, '--json');
      if (code !== 0 || err !== '') throw new Error(`exit code ${code}: ${err}`);
      return JSON.parse(out);
    },
  };
  if (settings !== undefined) write(made.settings, settings);
  return made;
}

export function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Everything below a folder: content, mode and time of each file, so that any change shows. */
export function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => {
    const path = `${folder}/${name}`;
    const { mode, mtimeNs } = lstatSync(path, { bigint: true });
    if (lstatSync(path).isDirectory()) return [name, `folder ${mode}`];
    const content = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'base64');
    return [name, `${mode} ${mtimeNs} ${content}`];
  });
  return Object.fromEntries(entries.sort());
}

/** The same without times. */
export const contents = (folder: string): Record<string, string> =>
  Object.fromEntries(Object.entries(snapshot(folder)).map(([name, text]) => [name, text.replace(/ \d+ /, ' ')]));
