// Made transcripts that lie ready for the next run: the same seed gives the same bytes, so they are made but once.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeTranscripts } from './make-transcripts.mjs';
import { CACHE, MB } from './places.mjs';

/** What stays free on the disk besides the transcripts. */
const SPARE_BYTES = 2048 * MB;

/** Of the program that makes them. */
function generatorHash() {
  const hash = createHash('sha256');
  const folder = fileURLToPath(new URL('transcripts/', import.meta.url));
  const paths = readdirSync(folder)
    .sort()
    .map(name => folder + name);
  for (const path of [fileURLToPath(new URL('make-transcripts.mjs', import.meta.url)), ...paths])
    hash.update(readFileSync(path));
  return hash.digest('hex');
}

/** How many files are there, and how large they are together. */
function measureTree(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(entry => entry.isFile());
  const sizes = entries.map(entry => statSync(`${entry.parentPath ?? entry.path}/${entry.name}`).size);
  return { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function isWhole(folder, manifest) {
  const path = `${folder}/manifest.json`;
  if (!existsSync(path)) return false;
  const found = { ...manifest, ...measureTree(`${folder}/projects`) };
  return readFileSync(path, 'utf8') === JSON.stringify(found);
}

/**
 * @param {{ mb: number, files: number }} size
 * @returns the folder, and what is in it; null if the disk has no room
 */
export function transcriptTree({ mb, files }) {
  const folder = `${CACHE}/transcripts-${mb}-${files}`;
  const manifest = { generator: generatorHash(), mb, files };
  if (!isWhole(folder, manifest)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < mb * MB + SPARE_BYTES) return null;
    writeTranscripts({ out: folder, mb, files });
    writeFileSync(`${folder}/manifest.json`, JSON.stringify({ ...manifest, ...measureTree(`${folder}/projects`) }));
  }
  return { folder, truth: JSON.parse(readFileSync(`${folder}/truth.json`, 'utf8')) };
}
