/** The fields that are wanted, as `wasm/line-fields.ts` reads them: a tree of their keys in its memory. */
import { WANTED, WANTED_BYTES, WANTED_COUNT, WANTED_FIELD } from './line-fields-memory.ts';

const TABLE = 4;
const TABLE_BYTES = 64;
const CHILDREN = TABLE + TABLE_BYTES;
const CHILD_BYTES = 16;
/** A node of the tree of fields. */
interface Node {
  field: number;
  children: Map<string, Node>;
}

/** Stands for the elements of a list in a path. */
const ELEMENTS = '[]';

/** Writes the tree of these paths from an address on, and gives the address of its root. */
export const writeFields = (paths: readonly string[], bytes: Buffer, free: number): number =>
  writeNode(treeOf(paths), bytes, { free });

/** Writes which texts of a field a line is asked for by; no field: every line is. */
export function writeWanted(field: number, texts: readonly string[], bytes: Buffer): void {
  bytes.writeInt32LE(field, WANTED_FIELD);
  bytes.writeInt32LE(texts.length, WANTED_COUNT);
  for (const [index, text] of texts.entries()) {
    const address = WANTED + WANTED_BYTES * index;
    bytes.writeInt32LE(bytes.write(text, address + 4, 'latin1'), address);
  }
}

function treeOf(paths: readonly string[]): Node {
  const root: Node = { field: -1, children: new Map() };
  for (const [field, path] of paths.entries()) {
    let node = root;
    for (const key of path.replaceAll(ELEMENTS, `.${ELEMENTS}`).split('.')) {
      const child = node.children.get(key) ?? { field: -1, children: new Map() };
      node.children.set(key, child);
      node = child;
    }
    node.field = field;
  }
  return root;
}

/** Writes a node as the module reads it, and gives its address; 0 if no field of it is wanted. */
function writeNode({ children }: Node, bytes: Buffer, room: { free: number }): number {
  if (children.size === 0) return 0;
  const elements = children.get(ELEMENTS);
  const keys = [...children].filter(([key]) => key !== ELEMENTS);
  const address = room.free;
  room.free += CHILDREN + CHILD_BYTES * keys.length;
  bytes.writeInt32LE(elements ? writeNode(elements, bytes, room) : 0, address);
  for (const [index, [key, child]] of keys.entries()) {
    const first = key.charCodeAt(0);
    const last = key.charCodeAt(key.length - 1);
    let place = 3 * key.length + first + 5 * last;
    while (bytes[address + TABLE + (place % TABLE_BYTES)] !== 0) place++;
    bytes[address + TABLE + (place % TABLE_BYTES)] = index + 1;
    const entry = address + CHILDREN + CHILD_BYTES * index;
    const text = room.free;
    room.free += bytes.write(key, text, 'latin1');
    // Entries lie at addresses that numbers may have.
    room.free = (room.free + 3) & ~3;
    bytes.writeUInt32LE((key.length | (first << 16) | (last << 24)) >>> 0, entry);
    bytes.writeInt32LE(text, entry + 4);
    bytes.writeInt32LE(child.field, entry + 8);
    bytes.writeInt32LE(writeNode(child, bytes, room), entry + 12);
  }
  return address;
}
