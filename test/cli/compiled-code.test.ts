/** What Node.js compiled is kept for the next call: it must make none answer otherwise, whatever became of it. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

interface Installed {
  /** Folder of the bundles. */
  bin: string;
  home: string;
  /** What lies in the folder for compiled code, with what lies in folders of it. */
  kept(): string[];
  /** Standard output of `usage totals`, with variables of the environment besides those of a plain session. */
  ask(env?: Record<string, string>): string;
}

/** A copy of the built command line, in a home of its own. */
function installed(): Installed {
  const root = tempDir();
  const home = tempDir();
  const bin = `${root}/dist/bin`;
  cpSync(`${ROOT}dist/bin`, bin, { recursive: true });
  cpSync(`${ROOT}config`, `${root}/config`, { recursive: true });
  const folder = `${home}/.cache/spanbook`;
  const stateDir = `${root}/state`;
  return {
    bin,
    home,
    kept: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => `${entry.parentPath ?? entry.path}/${entry.name}`),
    ask(env = {}) {
      const words = ['usage', 'totals', '--state-dir', stateDir, '--claude-dir', `${ROOT}examples/recorded-session`];
      const options = { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: home, ...env } } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, [`${bin}/spanbook.cjs`, ...words], options);
      expect([status, stderr]).toEqual([0, '']);
      return stdout;
    },
  };
}

describe('compiled code', () => {
  it('is kept in the cache folder of the person, for nobody else', () => {
    const { home, ask, kept } = installed();
    const first = ask();
    expect(first).toContain('$0.0832');
    expect(kept().length).toBeGreaterThan(0);
    expect(statSync(`${home}/.cache/spanbook`).mode & 0o777).toBe(0o700);
    const times = kept().map(path => statSync(path).mtimeMs);
    expect(ask()).toBe(first);
    // It was taken: whatever is not taken is written once more.
    expect(kept().map(path => statSync(path).mtimeMs)).toEqual(times);
  });

  it('is made anew when it is damaged or cut', () => {
    const { bin, ask, kept } = installed();
    const first = ask();
    // All of it; and, after a source as long as that of the part, code behind its head, which the engine looks at itself.
    for (const begin of [0, statSync(`${bin}/totals.cjs`).size + 100]) {
      for (const path of kept()) {
        const bytes = readFileSync(path);
        for (let at = begin; at < (begin + bytes.length) / 2; at += 97) bytes[at] = (bytes[at] ?? 0) ^ 0x5a;
        writeFileSync(path, bytes);
      }
      expect(ask()).toBe(first);
    }
    for (const path of kept()) {
      const bytes = readFileSync(path);
      writeFileSync(path, bytes.subarray(0, bytes.length / 3));
    }
    expect(ask()).toBe(first);
    const times = kept().map(path => statSync(path).mtimeMs);
    expect(ask()).toBe(first);
    expect(kept().map(path => statSync(path).mtimeMs)).toEqual(times);
  });

  it('is not that of another build, even one as long', () => {
    const { bin, ask } = installed();
    expect(ask()).toContain('Cache read');
    const path = `${bin}/totals.cjs`;
    writeFileSync(path, readFileSync(path, 'utf8').replace('Cache read', 'Cache seen'));
    expect(ask()).toContain('Cache seen');
    expect(ask()).toContain('Cache seen');
  });

  it('is not kept where others can write, nor where it is not wanted', () => {
    const { home, ask, kept } = installed();
    const first = ask({ NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(existsSync(`${home}/.cache`)).toBe(false);
    mkdirSync(`${home}/.cache/spanbook`, { recursive: true });
    chmodSync(`${home}/.cache/spanbook`, 0o777);
    expect(ask()).toBe(first);
    expect(kept()).toEqual([]);
  });

  it('makes no home', () => {
    const { home, ask } = installed();
    rmSync(home, { recursive: true });
    ask();
    expect(existsSync(home)).toBe(false);
    ask({ HOME: '' });
  });

  it.runIf(process.getuid?.() === 0)('is not kept by root in the home of somebody else', () => {
    const { home, ask } = installed();
    chownSync(home, 65_534, 65_534);
    ask();
    expect(existsSync(`${home}/.cache`)).toBe(false);
  });

  it('is that of the folder that is named for caches', () => {
    const { home, ask } = installed();
    const caches = `${tempDir()}/caches`;
    ask({ XDG_CACHE_HOME: caches });
    expect(readdirSync(`${caches}/spanbook`).length).toBeGreaterThan(0);
    expect(existsSync(`${home}/.cache`)).toBe(false);
  });
});
