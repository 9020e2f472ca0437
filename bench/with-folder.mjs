// A folder that goes away, also when the run is broken off.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const open = new Set();
const remove = folder => rmSync(folder, { recursive: true, force: true });

process.once('exit', () => [...open].forEach(remove));

export async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'spanbook-bench-'));
  open.add(folder);
  try {
    return await use(folder);
  } finally {
    remove(folder);
    open.delete(folder);
  }
}
