/** What spanbook made of a run, read as a user would: the document as the hooks left it, and the command line. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import type { PipelineDocument } from '../helpers/fold-facts.ts';
import { ROOT } from '../helpers/run-program.ts';
import { readDocument } from '../helpers/state-folder.ts';
import { outline, type TreeNode, treeOf } from '../helpers/tree-of.ts';
import type { Project } from './project.ts';

export interface ShownNode {
  event_id: string;
  level: string;
  name: string;
  label?: string;
  status: string;
  session_id: string;
  errors: number;
  warnings: number;
  usage?: { self: { requests: number }; total: { requests: number } };
  children: ShownNode[];
}

/** As the hooks left it: nobody has asked yet. */
export const documentOf = ({ stateDir }: Project): PipelineDocument => readDocument(stateDir);

export const spanbook = (project: Project, ...args: string[]): unknown =>
  JSON.parse(
    execFileSync(process.execPath, [`${ROOT}dist/bin/spanbook.cjs`, ...args, '--json'], {
      cwd: project.folder,
      env: { PATH: process.env.PATH, HOME: project.home },
      encoding: 'utf8',
    }),
  );

export const hierarchyOf = (project: Project): ShownNode[] =>
  (spanbook(project, 'pipeline', 'hierarchy') as { roots: ShownNode[] }).roots;

export const flat = <T extends { children: T[] }>(nodes: readonly T[]): T[] =>
  nodes.flatMap(node => [node, ...flat(node.children)]);

type Named = Pick<TreeNode, 'level' | 'name' | 'label' | 'status'>;
type Tree<T> = Named & { children: T[] };

/** Each activity with its ancestors and how many notes it has, in no order: to compare trees from two sources. */
export function pathsOf<T extends Tree<T>>(nodes: readonly T[], noteCount: (node: T) => number, above = ''): string[] {
  return nodes
    .flatMap(node => {
      const status = node.status === 'running' ? 'open' : node.status;
      const path = `${above} > ${node.level} ${node.name} ${node.label ?? ''} ${status} ${noteCount(node)}`;
      return [path, ...pathsOf(node.children, noteCount, path)];
    })
    .sort();
}

export const documentPaths = (project: Project): string[] =>
  pathsOf(treeOf(documentOf(project)), ({ notes }) => notes.length);
export const hierarchyPaths = (project: Project): string[] =>
  pathsOf(hierarchyOf(project), ({ errors, warnings }) => errors + warnings);

/** What hooks could not do; empty is what every run must leave. */
export const hookFailures = ({ stateDir, home }: Project): string =>
  [`${stateDir}/hooks.log`, `${home}/.local/state/spanbook/hooks.log`]
    .filter(path => existsSync(path))
    .map(path => readFileSync(path, 'utf8'))
    .join('');

/** Imports the transcripts of a project into a copy of its state, or into an empty one. */
export function importInto(project: Project, into: 'with-hooks' | 'without-hooks'): { added: number; tree: string[] } {
  const stateDir = `${project.folder}/../import-${into}`;
  if (into === 'with-hooks' && !existsSync(stateDir)) cpSync(project.stateDir, stateDir, { recursive: true });
  const answer = spanbook(project, 'import', '--spans', '--state-dir', stateDir) as { facts_added: number };
  return { added: answer.facts_added, tree: outline(treeOf(readDocument(stateDir))) };
}
