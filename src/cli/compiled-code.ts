/**
 * Loads parts of the command line. Compiling one takes longer than most answers, so what was compiled is kept for the
 * next call, in the person's own folder for caches: by Node.js itself where it can (from 22.1 on), else here.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { VERSION } from './version.ts';

// Required where they are needed: an import of them loads more than most calls make use of.
const nodeModule = () => require('node:module') as typeof import('node:module');
const nodeVm = () => require('node:vm') as typeof import('node:vm');

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const WRITABLE_BY_OTHERS = 0o022;

/** Loads a bundle beside this one, and gives its exports. */
export function loadPart(name: string): unknown {
  const path = `${__dirname}/${name}.cjs`;
  const folder = cacheFolder(process.env);
  if (folder === undefined) return require(path);
  const { enableCompileCache } = nodeModule() as { enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(folder);
  if (enableCompileCache) return require(path);
  return load(path, `${folder}/${name}-${VERSION}-node-${process.version}-${process.arch}.bin`);
}

/**
 * Made if it is not there, but in no home that is not there. Undefined if others can write to it, because what lies in it
 * is run, or if nobody can.
 */
function cacheFolder({ XDG_CACHE_HOME, HOME, NODE_DISABLE_COMPILE_CACHE }: NodeJS.ProcessEnv): string | undefined {
  const caches = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  if (NODE_DISABLE_COMPILE_CACHE || !caches?.startsWith('/')) return undefined;
  const folder = `${caches}/spanbook`;
  try {
    for (const path of [caches, folder]) if (!statOf(path) && isOurs(dirname(path))) mkdirSync(path, FOLDER_MODE);
    return isOurs(folder) && (statSync(folder).mode & WRITABLE_BY_OTHERS) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });

/** Root works in the homes of others, where a folder of root's would be in their way. */
const isOurs = (path: string): boolean => statSync(path).uid === process.getuid?.();

/** As `require`, with the compiled code that lies at `kept`. If none does, it lies there when the process has ended. */
function load(path: string, kept: string): unknown {
  const source = readFileSync(path);
  const cachedData = codeIn(kept, source);
  const text = `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
  const { Script } = nodeVm();
  const script = new Script(text, { filename: path, cachedData });
  if (script.cachedDataRejected !== false) process.on('exit', () => keep(kept, source, script.createCachedData()));
  const Module = nodeModule();
  const module = new Module(path);
  module.filename = path;
  require.cache[path] = module;
  script.runInThisContext().call(module.exports, module.exports, Module.createRequire(path), module, path, __dirname);
  module.loaded = true;
  return module.exports;
}

/**
 * A file holds the source, and what it was compiled to twice: the engine takes any code of a source that is as long,
 * and dies of damaged code. (Whether it is of this version of the engine, the engine looks itself.)
 */
function codeIn(kept: string, source: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(kept);
    const middle = (source.length + bytes.length) / 2;
    const code = bytes.subarray(source.length, middle);
    const isWhole = bytes.subarray(0, source.length).equals(source) && bytes.subarray(middle).equals(code);
    return isWhole ? code : undefined;
  } catch {
    // The first call, or another user's file.
    return undefined;
  }
}

function keep(kept: string, source: Buffer, code: Buffer): void {
  const temporary = `${kept}.${process.pid}`;
  try {
    writeFileSync(temporary, Buffer.concat([source, code, code]), { mode: FILE_MODE, flag: 'wx' });
    renameSync(temporary, kept);
  } catch {
    // The next call compiles again.
  }
}
