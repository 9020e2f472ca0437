/** A number of 32 bits that two texts of ASCII hardly share: FNV-1a, as `hashIn` of `wasm/line-fields.ts` takes it of bytes. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
