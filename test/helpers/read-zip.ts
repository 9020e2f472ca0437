/** The files of a ZIP archive, read by its directory. */
import { inflateRawSync } from 'node:zlib';

const DIRECTORY_END = 0x06054b50;
const STORED = 0;

export function readZip(archive: Buffer): Map<string, string> {
  let end = archive.length - 22;
  while (end > 0 && archive.readUInt32LE(end) !== DIRECTORY_END) end--;
  const files = new Map<string, string>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const method = archive.readUInt16LE(at + 10);
    const size = archive.readUInt32LE(at + 20);
    const [nameSize = 0, extraSize = 0, commentSize = 0] = [28, 30, 32].map(place => archive.readUInt16LE(at + place));
    const start = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + 46, at + 46 + nameSize);
    const data = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
    const bytes = archive.subarray(data, data + size);
    files.set(name, (method === STORED ? bytes : inflateRawSync(bytes)).toString('utf8'));
    at += 46 + nameSize + extraSize + commentSize;
  }
  return files;
}
