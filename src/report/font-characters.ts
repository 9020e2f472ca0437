/** Which characters a font can show: its `cmap` table, as TrueType has it. */

/** Says of a code point whether the font has a sign for it. */
export type HasCharacter = (code: number) => boolean;

/** Of tables of the formats 4 and 12, which every font of today has; a font without them can show nothing. */
export function fontCharacters(font: Uint8Array): HasCharacter {
  const data = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const cmap = findTable(data, 'cmap');
  if (cmap === null) return () => false;
  const checks: HasCharacter[] = [];
  for (let index = 0; index < data.getUint16(cmap + 2); index++) {
    const at = cmap + data.getUint32(cmap + 4 + 8 * index + 4);
    const format = data.getUint16(at);
    if (format === 4) checks.push(segments(data, at));
    if (format === 12) checks.push(groups(data, at));
  }
  return code => checks.some(has => has(code));
}

function findTable(data: DataView, name: string): number | null {
  for (let index = 0; index < data.getUint16(4); index++) {
    const at = 12 + 16 * index;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map(byte => data.getUint8(at + byte)));
    if (tag === name) return data.getUint32(at + 8);
  }
  return null;
}

/** Ranges of 16 bits: ends, starts, differences, and places of lists of glyphs. */
function segments(data: DataView, at: number): HasCharacter {
  const length = data.getUint16(at + 6);
  const [ends, starts, deltas, offsets] = [14, 16 + length, 16 + 2 * length, 16 + 3 * length].map(part => at + part);
  return code => {
    if (ends === undefined || starts === undefined || deltas === undefined || offsets === undefined) return false;
    for (let segment = 0; segment < length; segment += 2) {
      if (code > data.getUint16(ends + segment)) continue;
      const start = data.getUint16(starts + segment);
      if (code < start) return false;
      const offset = data.getUint16(offsets + segment);
      const delta = data.getUint16(deltas + segment);
      if (offset === 0) return ((code + delta) & 0xffff) !== 0;
      const glyph = offsets + segment + offset + 2 * (code - start);
      return glyph + 2 <= data.byteLength && data.getUint16(glyph) !== 0;
    }
    return false;
  };
}

function groups(data: DataView, at: number): HasCharacter {
  const count = data.getUint32(at + 12);
  return code => {
    for (let index = 0; index < count; index++) {
      const group = at + 16 + 12 * index;
      if (code < data.getUint32(group)) return false;
      if (code <= data.getUint32(group + 4)) return data.getUint32(group + 8) + code - data.getUint32(group) !== 0;
    }
    return false;
  };
}

/** The text with `\u{65e5}` in the place of what the font cannot show. */
export const inFont = (text: string, has: HasCharacter): string =>
  Array.from(text, character => {
    const code = character.codePointAt(0) ?? 0;
    return has(code) ? character : `\\u{${code.toString(16)}}`;
  }).join('');
