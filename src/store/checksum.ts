/** A sum of 32 bits that tells whether bytes are those that were written. `crypto` would cost a hook more than it does all in all. */

/** Changes if a single word does. */
export function checksum(words: Uint32Array): number {
  let sum = words.length;
  for (let at = 0; at < words.length; at++) {
    sum = Math.imul(sum ^ (words[at] ?? 0), 0x01000193);
    // The highest bits would stand where they are, and two of them take each other away.
    sum ^= sum >>> 15;
  }
  return sum >>> 0;
}
