/** What lies where in the memory of `wasm/line-fields.ts`, and what its answers mean. */

/** Addresses in the memory of the module: its own tables, the fields that are wanted, the bytes of the file. */
export const LINE_START = 512;
export const LINE_END = 516;
export const REST_START = 520;
export const WANTED_FIELD = 524;
export const WANTED_COUNT = 528;
export const WANTED = 40_960;
export const WANTED_BYTES = 64;
export const KINDS = 1024;
export const STARTS = 2048;
export const ENDS = 3072;
export const NUMBERS = 4096;
export const VERSIONS = 6144;
export const MAX_FIELDS = 64;
export const NODES = 16_384;
export const BYTES = 65_536;
export const PAGE_BYTES = 65_536;
/** Behind the bytes: the module looks at 64 at once. */
export const MARGIN_BYTES = 128;

/** What `next` answers, in its first byte. */
export const NO_LINE = 0;
export const INVALID = 2;
export const UNSURE = 3;

/** The kinds of values. */
export const TEXT = 1;
export const ESCAPED_TEXT = 2;
export const WHOLE_NUMBER = 3;
export const OTHER_NUMBER = 4;
export const TRUE = 5;
export const OBJECT = 8;
export const LIST = 9;
export const ASCII_TEXT = 10;

/** What the module offers. Texts and lines are given by their addresses. */
export interface ModuleExports {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  next(from: number, end: number, root: number, passes: boolean): number;
  hashIn(start: number, end: number): number;
  timeIn(start: number, end: number): number;
}
