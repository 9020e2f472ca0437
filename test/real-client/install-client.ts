/**
 * The real client from npm, installed once: the oldest version that spanbook speaks with, and the newest that there is.
 * Where it cannot be had, its tests are skipped and one line says why; `SPANBOOK_REQUIRE_CLIENT=1` makes that a failure.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { ROOT } from '../helpers/run-program.ts';

export interface Client {
  version: string;
  /** The executable; null if it could not be installed. */
  path: string | null;
}

declare module 'vitest' {
  export interface ProvidedContext {
    clients: Client[];
  }
}

const PACKAGE = '@anthropic-ai/claude-code';
const OLDEST = '2.1.197';
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** Run by vitest once, before the tests. */
export default function setup({ provide }: TestProject): void {
  const { clients, missing } = findClients();
  if (missing.length > 0) {
    const line = `real client: skipped ${missing.join('; ')}`;
    if (process.env.SPANBOOK_REQUIRE_CLIENT === '1') throw new Error(`${line}, but SPANBOOK_REQUIRE_CLIENT is set`);
    console.warn(line);
  }
  provide('clients', clients);
}

/** The clients, installed if they are not here yet, and what is missing with the reason. */
export function findClients(): { clients: Client[]; missing: string[] } {
  const cache = process.env.SPANBOOK_CLIENT_CACHE || `${ROOT}node_modules/.cache/spanbook-clients`;
  const missing: string[] = [];
  const versions = new Set([OLDEST, newestVersion(cache, missing)]);
  const clients = [...versions].map(version => ({ version, path: executable(cache, version, missing) }));
  return { clients, missing };
}

/** The newest version on npm; where npm is out of reach, the newest that is here. */
function newestVersion(cache: string, missing: string[]): string {
  try {
    return npm(['view', PACKAGE, 'version']).trim();
  } catch (error) {
    const here = existsSync(cache) ? readdirSync(cache).filter(name => /^\d+\.\d+\.\d+$/.test(name)) : [];
    const newest = here.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? OLDEST;
    if (newest === OLDEST) missing.push(`the newest version (${reasonOf(error)})`);
    return newest;
  }
}

function executable(cache: string, version: string, missing: string[]): string | null {
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform)) {
    missing.push(`${version} (expected one of ${PLATFORMS.join(', ')}, got ${platform})`);
    return null;
  }
  const folder = `${cache}/${version}`;
  try {
    if (!existsSync(folder)) install(folder, version);
    return findExecutable(folder, platform);
  } catch (error) {
    missing.push(`${version} (${reasonOf(error)})`);
    return null;
  }
}

/** Installs beside the place and moves it there when it is whole. */
function install(folder: string, version: string): void {
  const partial = `${folder}.${process.pid}`;
  try {
    mkdirSync(partial, { recursive: true });
    const options = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
    npm(['install', ...options, '--prefix', partial, `${PACKAGE}@${version}`]);
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** The package of the platform holds the executable itself, so no install script is needed. */
function findExecutable(folder: string, platform: string): string {
  const scope = `${folder}/node_modules/@anthropic-ai`;
  // The C library may be part of the name.
  const names = readdirSync(scope).filter(name => name.startsWith(`claude-code-${platform}`));
  const found = names.map(name => `${scope}/${name}/claude`).find(path => existsSync(path));
  if (found === undefined) throw new Error(`${scope}: expected an executable for ${platform}, got none`);
  return found;
}

const npm = (args: readonly string[]): string =>
  execFileSync('npm', [...args, '--loglevel=error', '--fetch-retries=1'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 600_000,
  });

/** What npm said went wrong, or else what did. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const said = (stderr ?? '').split('\n').filter(line => line.startsWith('npm error '));
  const lines = said.length > 0 ? said.slice(0, 2).map(line => line.slice('npm error '.length)) : message.split('\n');
  return lines.join(', ');
}
