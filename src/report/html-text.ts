/** HTML that is escaped by default: what stands in `${}` is text, unless it was made here as well. */

/** Made by `html` or `inlineSvg` alone. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Part = string | number | null | Html | readonly Html[];

/** Text is escaped, also in attributes, which must have quotes; null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = strings.map((text, index) => text + partText(parts[index] ?? null));
  return new Html(texts.join(''));
}

function partText(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.toString();
  if (Array.isArray(part)) return part.map(one => partText(one instanceof Html ? one : String(one))).join('');
  return String(part).replace(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`);
}

const TAG = /<[a-z/][^>]*>/g;
const COLOR = /(fill|stroke)="(#[0-9a-f]{6})"/g;

/** A picture of a chart; its colours become variables `--c-…`, so that a style sheet can give others in the dark. */
export const inlineSvg = (svg: string): Html =>
  new Html(
    svg.replace(TAG, tag =>
      tag
        .replace(COLOR, (_, name: string, color: string) => `${name}="var(--c-${color.slice(1)},${color})"`)
        .replace(/^<svg /, '<svg aria-hidden="true" focusable="false" '),
    ),
  );
