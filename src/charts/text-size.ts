/** How wide a text will be where there is no font to measure it with: rather too wide than too narrow. */

const NARROW = /[ijl.,:;|!'`()[\]\s]/;
const BROAD = /[mwMW@%—…]/;
/** From here on (Hangul, CJK, emoji) a character is as wide as it is high. */
const SQUARE_FROM = 0x1100;

const widthOf = (character: string): number => {
  if ((character.codePointAt(0) ?? 0) >= SQUARE_FROM) return 1.05;
  if (NARROW.test(character)) return 0.36;
  if (BROAD.test(character)) return 1;
  return /[A-Z]/.test(character) ? 0.74 : 0.63;
};

/** In pixels. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * fontSize;
}
