// Packages of others, installed into folders of their own below the cache.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

const FLAGS = ['--silent', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev'];

/** @returns true if npm says that it is done. */
export function installInto(folder, packages) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{"private":true}');
  const { status } = spawnSync('npm', ['install', ...FLAGS, '--prefix', folder, ...packages], { stdio: 'ignore' });
  return status === 0;
}

/** What the registry knows of a package; null without a network. */
export function npmView(...words) {
  try {
    return JSON.parse(
      execFileSync('npm', ['view', ...words, '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return null;
  }
}
