/** A compact set of ids: blocks of sorted 8-byte ids as base64, cheap to carry and searched without unpacking. */

const ID_BYTES = 8;

/**
 * Adds a block for these ids (16 hex digits each; others are left out) and drops the oldest blocks beyond `limit` ids.
 * The newest block is kept whole.
 */
export function packIds(ids: readonly string[], before: readonly string[], limit: number): string[] {
  const sorted = ids.filter(id => id.length === 2 * ID_BYTES).sort();
  const block = Buffer.from(sorted.join(''), 'hex').toString('base64');
  const blocks = [...before, block];
  const count = (text: string): number => (text.length * 3) / 4 / ID_BYTES;
  let total = blocks.reduce((sum, text) => sum + count(text), 0);
  while (blocks.length > 1 && total > limit) total -= count(blocks.shift() ?? '');
  return blocks;
}

/** Says whether an id is in one of the blocks; they are decoded when first asked. */
export function archivedIds(blocks: readonly string[]): (id: string) => boolean {
  let decoded: Buffer[] | undefined;
  return id => {
    if (blocks.length === 0 || id.length !== 2 * ID_BYTES) return false;
    decoded ??= blocks.map(text => Buffer.from(text, 'base64'));
    const high = Number.parseInt(id.slice(0, 8), 16);
    const low = Number.parseInt(id.slice(8), 16);
    return decoded.some(block => holds(block, high, low));
  };
}

function holds(block: Buffer, high: number, low: number): boolean {
  let from = 0;
  let to = block.length / ID_BYTES - 1;
  while (from <= to) {
    const middle = (from + to) >> 1;
    const difference = block.readUInt32BE(middle * ID_BYTES) - high || block.readUInt32BE(middle * ID_BYTES + 4) - low;
    if (difference === 0) return true;
    if (difference < 0) from = middle + 1;
    else to = middle - 1;
  }
  return false;
}
