// What a program takes on that imports the library: time of the import, and what lies on the disk.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { interleave } from '../interleave.mjs';
import { installInto } from '../peers/npm.mjs';
import { CACHE, MB } from '../places.mjs';
import { ratioRow } from '../rows.mjs';
import { processMillis } from '../run-process.mjs';
import { shown } from '../shown.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { devDependencies, dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
const STOCK = `@opentelemetry/sdk-node@${devDependencies['@opentelemetry/sdk-node']}`;
const TRACE = `@opentelemetry/sdk-trace-node@${dependencies['@opentelemetry/sdk-trace-node']}`;
const API = `@opentelemetry/api@${dependencies['@opentelemetry/api']}`;

/** The packed project as npm would publish it, named for its content. */
function packed() {
  const folder = `${CACHE}/packed`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const [name] = readdirSync(folder);
  return `${folder}/${name}`;
}

/** Installs once; `mark` says of what. @returns the folder, or null where that cannot be done. */
function installed(name, { packages, mark }) {
  const folder = `${CACHE}/library-${name}`;
  const noted = `${folder}/mark.txt`;
  if (existsSync(noted) && readFileSync(noted, 'utf8') === mark) return folder;
  rmSync(folder, { recursive: true, force: true });
  if (!installInto(folder, packages)) return null;
  writeFileSync(noted, mark);
  return folder;
}

/** Bytes of all files, and how many packages they belong to. */
function sizeOf(folder) {
  const entries = readdirSync(`${folder}/node_modules`, { withFileTypes: true, recursive: true });
  const paths = entries.map(entry => `${entry.parentPath ?? entry.path}/${entry.name}`);
  const files = paths.filter((_, at) => entries[at].isFile());
  const isPackage = path => /node_modules\/(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path);
  return {
    bytes: files.reduce((sum, path) => sum + lstatSync(path).size, 0),
    packages: files.filter(isPackage).length,
  };
}

function importer(folder, line) {
  const path = `${folder}/import.mjs`;
  writeFileSync(path, line);
  return () => processMillis([path], { cwd: folder });
}

const SIZE_PLAN =
  'Most of it is our own source maps and types, or packages that only the command line needs. Next: leave out what no program reads.';
const TIME_PLAN =
  'Ours is many small modules, and the transformer of the exporter brings metrics and logs along, which nobody uses here. Next: one bundle for the library, and the exporter loaded when there is an endpoint.';

function sizeRows(ours, stock) {
  const [mine, theirs] = [sizeOf(ours), sizeOf(stock)];
  const against = STOCK;
  const row = { against, kind: 'peer', unit: 'x', aim: { atMost: 1 }, plan: SIZE_PLAN };
  const mib = ({ bytes }) => `${shown(bytes / MB)} MiB`;
  return [
    {
      ...row,
      what: 'installed size, with dependencies',
      samples: [mine.bytes / theirs.bytes],
      figures: `${mib(mine)} / ${mib(theirs)}`,
    },
    {
      ...row,
      what: 'installed packages',
      samples: [mine.packages / theirs.packages],
      figures: `${mine.packages} / ${theirs.packages}`,
    },
  ];
}

async function run({ isQuick }) {
  const tarball = packed();
  const mark = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  const folders = {
    ours: installed('spanbook', { packages: [tarball], mark }),
    stock: installed('sdk-node', { packages: [STOCK, API], mark: STOCK }),
    trace: installed('sdk-trace-node', { packages: [TRACE, API], mark: TRACE }),
  };
  if (Object.values(folders).includes(null))
    return { rows: [{ what: 'library', against: STOCK, skipped: 'the packages could not be installed' }] };
  const took = await interleave(
    {
      empty: importer(`${CACHE}/packed`, ''),
      ours: importer(folders.ours, "import 'spanbook';"),
      stock: importer(folders.stock, "import '@opentelemetry/sdk-node';"),
      trace: importer(folders.trace, "import '@opentelemetry/sdk-trace-node';"),
    },
    isQuick ? 7 : 31,
  );
  const row = (theirs, more) =>
    ratioRow({ what: "process with import 'spanbook'", ours: took.ours, theirs: took[theirs], ...more });
  const rows = [
    row('empty', { against: 'empty ESM script', kind: 'floor' }),
    row('trace', { against: `import of ${TRACE}`, kind: 'floor', plan: TIME_PLAN }),
    row('stock', { against: `import of ${STOCK}`, kind: 'peer', aim: { atMost: 1 }, plan: TIME_PLAN }),
    ...sizeRows(folders.ours, folders.stock),
  ];
  return { rows };
}

export const benchCase = {
  title: 'The library in a program',
  about: 'Each installed into a folder of its own, as npm installs it, without development dependencies.',
  run,
};
