// dist/THIRD-PARTY-NOTICES.txt: the licences of everything by others that lies in the bundles, found by what the
// bundler put into them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const LICENSE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;
const RULE = '-'.repeat(80);

/** The folder of the package that a file belongs to, or null if it is ours. */
const packageFolder = path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null;

/** The packages in these bundles, by their folders, with the folders of the files that are in. */
export function bundledPackages(metafiles) {
  const packages = new Map();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = packageFolder(path);
        if (folder === null || bytesInOutput === 0) continue;
        packages.set(folder, (packages.get(folder) ?? new Set()).add(dirname(path)));
      }
    }
  }
  return packages;
}

/** Licences of the package, and of what it has taken over from others itself. */
function licensesOf(root, folder, folders) {
  const places = new Set();
  for (const inside of folders) {
    for (let at = inside; at.length >= folder.length; at = dirname(at)) places.add(at);
  }
  return [...places].sort().flatMap(place =>
    readdirSync(`${root}${place}`)
      .filter(name => LICENSE.test(name))
      .map(name => readFileSync(`${root}${place}/${name}`, 'utf8').trim()),
  );
}

export function writeNotices(root, metafiles, extra = []) {
  const found = new Map();
  for (const [folder, folders] of bundledPackages(metafiles)) {
    const { name, version, license } = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8'));
    const texts = licensesOf(root, folder, folders);
    found.set(`${name} ${version}`, { license, texts });
  }
  for (const { title, license, file } of extra) {
    found.set(title, { license, texts: existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [] });
  }
  // A text that is the same in many packages is printed once.
  const groups = new Map();
  for (const [title, { license, texts }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = texts.join('\n\n') || `Licence: ${license ?? 'see the package'}`;
    groups.set(text, [...(groups.get(text) ?? []), `${title} (${license ?? 'see below'})`]);
  }
  const parts = [...groups].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`);
  const head = 'The programs in this folder contain work of others. Their licences follow.\n';
  writeFileSync(`${root}dist/THIRD-PARTY-NOTICES.txt`, [head, ...parts].join(`\n${RULE}\n\n`));
  return [...found.keys()];
}
