/**
 * A real Jaeger for the tests: `JAEGER_BIN`, else the one in the cache, else built with Go, else taken out of the image
 * with docker. Where none of it works the tests are skipped and one line says why; `SPANBOOK_REQUIRE_JAEGER=1` makes that
 * a failure.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import type { TestProject } from 'vitest/node';

export interface FoundJaeger {
  /** The executable; null if there is none. */
  path: string | null;
  /** Where it comes from, or why there is none. */
  from: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    jaeger: FoundJaeger;
  }
}

/** The newest version that is a Go module; it is Jaeger 2.13. The 2.x tags do not fit the module's path. */
const MODULE_VERSION = '1.76.0';
const COMMAND = 'github.com/jaegertracing/jaeger/cmd/jaeger';
const IMAGE = 'cr.jaegertracing.io/jaegertracing/jaeger:2.20.0';
const IN_IMAGE = '/cmd/jaeger/jaeger-linux';
const BUILD_TIMEOUT_MILLIS = 45 * 60_000;

/** Run by vitest once, before the tests. */
export default function setup({ provide }: TestProject): void {
  const found = findJaeger();
  if (found.path === null) {
    const line = `real Jaeger: skipped (${found.from})`;
    if (process.env.SPANBOOK_REQUIRE_JAEGER === '1') throw new Error(`${line}, but SPANBOOK_REQUIRE_JAEGER is set`);
    console.warn(line);
  } else {
    console.log(`real Jaeger: ${found.path} (${found.from})`);
  }
  provide('jaeger', found);
}

/** The executable, built if it is not here yet: that takes minutes, once. */
export function findJaeger(env: NodeJS.ProcessEnv = process.env): FoundJaeger {
  if (env.JAEGER_BIN) return named(env.JAEGER_BIN);
  const cache = `${env.XDG_CACHE_HOME || `${homedir()}/.cache`}/spanbook`;
  const missing: string[] = [];
  for (const [version, make, from] of [
    [MODULE_VERSION, buildWithGo, 'built with Go'],
    [IMAGE.slice(IMAGE.lastIndexOf(':') + 1), takeFromImage, 'taken out of the image'],
  ] as const) {
    const path = `${cache}/jaeger-${version}/jaeger`;
    if (existsSync(path)) return { path, from: `from the cache, once ${from}` };
    try {
      inPlace(path, folder => make(folder, env));
      return { path, from };
    } catch (error) {
      missing.push((error as Error).message);
    }
  }
  return { path: null, from: missing.join('; ') };
}

/** A wrong `JAEGER_BIN` is a mistake and not a reason to take another. */
function named(path: string): FoundJaeger {
  accessSync(path, constants.X_OK);
  return { path, from: 'JAEGER_BIN' };
}

/** Made beside its place and moved there when it is whole, so that two runs at once do no harm. */
function inPlace(path: string, make: (folder: string) => string): void {
  const home = path.slice(0, path.lastIndexOf('/'));
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(`${home}/partial-`);
  try {
    renameSync(make(folder), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `go install` would be one line, but refuses a module that has replacements. */
function buildWithGo(folder: string, env: NodeJS.ProcessEnv): string {
  const go = (...args: string[]): string =>
    run('go', args, { cwd: folder, env: { ...env, GOWORK: 'off', GOFLAGS: '-mod=mod' } });
  go('version');
  console.log(`real Jaeger: building ${MODULE_VERSION} with Go; this takes minutes, once`);
  go('mod', 'init', 'spanbook.dev/jaeger');
  go('get', `${COMMAND}@v${MODULE_VERSION}`);
  go('build', '-buildvcs=false', '-trimpath', '-ldflags', '-s -w', '-o', 'jaeger', COMMAND);
  return `${folder}/jaeger`;
}

/** The executable is static, so it runs on any Linux without the rest of its image. */
function takeFromImage(folder: string, env: NodeJS.ProcessEnv): string {
  if (process.platform !== 'linux') throw new Error(`image of Jaeger: expected linux, got ${process.platform}`);
  const docker = (...args: string[]): string => run('docker', args, { cwd: folder, env });
  const container = docker('create', IMAGE).trim();
  try {
    docker('cp', `${container}:${IN_IMAGE}`, `${folder}/jaeger`);
  } finally {
    docker('rm', container);
  }
  return `${folder}/jaeger`;
}

function run(program: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): string {
  try {
    return execFileSync(program, args, {
      ...options,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: BUILD_TIMEOUT_MILLIS,
    });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const said = (stderr ?? '').trim().split('\n').at(-1) || message;
    throw new Error(`${program} ${args[0]}: ${said}`, { cause: error });
  }
}
