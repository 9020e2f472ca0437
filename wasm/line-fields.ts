/**
 * Finds the next line of a buffer, checks that it is JSON, and says where the values of some of its fields stand. In
 * WebAssembly, because it looks at every byte of every transcript. Everything lies at addresses that the host knows:
 * `src/claude-code/line-fields.ts`.
 */

/** What was found of each field: its kind, where it begins and ends, and the number or the count of elements. */
const KINDS: usize = 1024;
const STARTS: usize = 2048;
const ENDS: usize = 3072;
const NUMBERS: usize = 4096;
const FIELDS_BYTES: usize = 1024;
/** The text that each field had last, a number that changes with it, and the bytes of the text. */
const VERSIONS: usize = 6144;
const LENGTHS: usize = 7168;
const TEXTS: usize = 32768;
const TEXT_BYTES: usize = 128;
/** What is open around a value that nobody asked for, a byte each: 1 for an object, 0 for a list. */
const STACK: usize = 8192;
const STACK_BYTES: usize = 8192;

const TEXT: i32 = 1;
const ESCAPED_TEXT: i32 = 2;
const WHOLE_NUMBER: i32 = 3;
const OTHER_NUMBER: i32 = 4;
const TRUE: i32 = 5;
const FALSE: i32 = 6;
const NULL: i32 = 7;
const OBJECT: i32 = 8;
const LIST: i32 = 9;
/** A text of ASCII without escapes. */
const ASCII_TEXT: i32 = 10;

const NO_LINE: i32 = 0;
const VALID: i32 = 1;
const INVALID: i32 = 2;
/** It can only be told by parsing it. */
const UNSURE: i32 = 3;

const MAX_DIGITS: i32 = 15;
const MAX_KEY: usize = 255;

const NEWLINE: i32 = 0x0a;
const QUOTE: i32 = 0x22;
const BACKSLASH: i32 = 0x5c;
const COMMA: i32 = 0x2c;
const COLON: i32 = 0x3a;
const OPEN_LIST: i32 = 0x5b;
const CLOSE_LIST: i32 = 0x5d;
const OPEN_OBJECT: i32 = 0x7b;
const CLOSE_OBJECT: i32 = 0x7d;

/** Where the line that was found last begins and ends, without its line end. */
const LINE_START: usize = 512;
const LINE_END: usize = 516;
/** Where begins what is no whole line yet. */
const REST_START: usize = 520;

/** Which field tells whether a line is asked for (−1: all are), how many texts of it are, and these texts, each behind its length. */
const WANTED_FIELD: usize = 524;
const WANTED_COUNT: usize = 528;
const WANTED: usize = 40960;
const WANTED_BYTES: usize = 64;

/** Whether the text that was read last has escapes. */
let isEscaped: bool = false;
/** A key is written in another way than it is, or something is nested deeper than there is room for. */
let isUnsure: bool = false;

/**
 * A node of the fields: node of list elements; a table of its children by what `placeOf` gives; the children. Of each:
 * its mark, the address of its key, the number of its field or −1, the node of its own fields or 0.
 */
const TABLE: usize = 4;
const TABLE_BYTES: usize = 64;
const CHILDREN: usize = TABLE + TABLE_BYTES;
const CHILD_BYTES: usize = 16;

/**
 * Looks for a line from `from` on. `root` is the node of the fields. At `end` stands a line end that is none of the file,
 * and 128 bytes behind it belong to the buffer. With `passes`, lines that nobody asked for are passed by. A valid line
 * is told with the number of the text that it is asked for by, counted from 1, in the second byte of the answer.
 */
export function next(from: usize, end: usize, root: usize, passes: bool): i32 {
  let at = from;
  while (true) {
    const answer = lineAt(at, end, root);
    if (answer == NO_LINE) store<i32>(REST_START, <i32>at);
    if (answer != VALID) return answer;
    const wanted = wantedBy();
    if (wanted >= 0) return VALID | (wanted << 8);
    if (!passes) return VALID;
    at = <usize>load<i32>(LINE_END) + 1;
  }
}

function lineAt(from: usize, end: usize, root: usize): i32 {
  memory.fill(KINDS, 0, FIELDS_BYTES);
  isUnsure = false;
  const start = afterSpace(from);
  const after = load<u8>(start) == OPEN_OBJECT ? objectAt(start, root) : skip(start);
  let stop: usize = after == 0 ? 0 : afterSpace(after);
  const isValid = stop != 0 && load<u8>(stop) == NEWLINE;
  if (!isValid) stop = lineEndFrom(from, end);
  // It goes on in what was not read yet.
  if (stop == 0 || stop >= end) return NO_LINE;
  store<i32>(LINE_START, <i32>from);
  store<i32>(LINE_END, <i32>stop);
  if (isUnsure) return UNSURE;
  return isValid ? VALID : INVALID;
}

/** The number of the text that a line is asked for by, from 1; 0 if only the host can tell, −1 if nobody asks for it. */
function wantedBy(): i32 {
  const field = load<i32>(WANTED_FIELD);
  if (field < 0) return 0;
  const place = <usize>field << 2;
  const kind = load<i32>(KINDS + place);
  if (kind == ESCAPED_TEXT) return 0;
  if (kind != TEXT && kind != ASCII_TEXT) return -1;
  const length = load<i32>(LENGTHS + place);
  const text = TEXTS + (TEXT_BYTES / 4) * place;
  const count = load<i32>(WANTED_COUNT);
  for (let number = 0; number < count; number++) {
    const wanted = WANTED + WANTED_BYTES * <usize>number;
    if (load<i32>(wanted) == length && isSame(wanted + 4, text, <usize>length)) return number + 1;
  }
  return -1;
}

/** A number of 32 bits that two texts hardly share: FNV-1a. The host takes it of texts of ASCII by the same rule. */
export function hashIn(start: usize, end: usize): i32 {
  let hash: u32 = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = (hash ^ load<u8>(at)) * 0x01000193;
  return hash;
}

/** Address of the next line end; 0 if there is none before `end`. */
function lineEndFrom(from: usize, end: usize): usize {
  for (let at = from; at < end; at += BLOCK_BYTES) {
    const found = bits(
      isByte(v128.load(at), NEWLINE),
      isByte(v128.load(at, 16), NEWLINE),
      isByte(v128.load(at, 32), NEWLINE),
      isByte(v128.load(at, 48), NEWLINE),
    );
    if (found == 0) continue;
    const place = at + <usize>ctz(found);
    return place < end ? place : 0;
  }
  return 0;
}

// A line end is no space here: it ends everything.
@inline
function afterSpace(from: usize): usize {
  let at = from;
  while (true) {
    const code: i32 = load<u8>(at);
    if (code != 0x20 && code != 0x09 && code != 0x0d) return at;
    at++;
  }
}

/** An object of which some fields are wanted; of a key that stands in it twice, the fields of both. Gives the address behind it; 0 if it is none. */
function objectAt(start: usize, node: usize): usize {
  let at = afterSpace(start + 1);
  if (load<u8>(at) == CLOSE_OBJECT) return at + 1;
  while (true) {
    const key = at + 1;
    at = afterText(at);
    if (at == 0) return 0;
    if (isEscaped) isUnsure = true;
    const child = childOf(node, key, at - 1 - key);
    at = afterSpace(at);
    if (load<u8>(at) != COLON) return 0;
    at = afterSpace(at + 1);
    at = child == 0 ? skip(at) : wantedAt(at, child);
    if (at == 0) return 0;
    at = afterSpace(at);
    const code: i32 = load<u8>(at);
    if (code == CLOSE_OBJECT) return at + 1;
    if (code != COMMA) return 0;
    at = afterSpace(at + 1);
  }
}

/** Address of the child with this key; 0 if there is none. The host fills the tables by the same rule. */
@inline
function childOf(node: usize, key: usize, length: usize): usize {
  if (length > MAX_KEY) return 0;
  const first: u32 = load<u8>(key);
  const last: u32 = load<u8>(key + length - 1);
  const mark = <u32>length | (first << 16) | (last << 24);
  let place: usize = 3 * length + first + 5 * last;
  let number = <usize>load<u8>(node + TABLE + (place & (TABLE_BYTES - 1)));
  while (number != 0) {
    const child = node + CHILDREN + CHILD_BYTES * (number - 1);
    if (load<u32>(child) == mark && isSame(<usize>load<u32>(child + 4), key, length)) return child;
    place++;
    number = <usize>load<u8>(node + TABLE + (place & (TABLE_BYTES - 1)));
  }
  return 0;
}

/** True if the bytes at two addresses are the same. */
@inline
function isSame(some: usize, others: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(some + at) != load<u64>(others + at)) return false;
  for (; at < length; at++) if (load<u8>(some + at) != load<u8>(others + at)) return false;
  return true;
}

function wantedAt(at: usize, entry: usize): usize {
  const field = load<i32>(entry + 8);
  const node = <usize>load<i32>(entry + 12);
  return valueAt(at, field, node);
}

function valueAt(at: usize, field: i32, node: usize): usize {
  const code: i32 = load<u8>(at);
  let kind: i32 = 0;
  let after: usize = 0;
  let number: f64 = 0;
  if (code == QUOTE) {
    after = afterText(at);
    kind = isEscaped ? ESCAPED_TEXT : TEXT;
    // The host decodes it.
    if (isEscaped && after != 0 && !hasEscapes(at + 1, after - 1)) return 0;
  } else if (code == OPEN_OBJECT) {
    kind = OBJECT;
    after = node == 0 ? skip(at) : objectAt(at, node);
  } else if (code == OPEN_LIST) {
    kind = LIST;
    elements = 0;
    after = listAt(at, node == 0 ? 0 : <usize>load<i32>(node));
    number = <f64>elements;
  } else if (code == 0x74) {
    kind = TRUE;
    after = afterWord(at);
  } else if (code == 0x66) {
    kind = FALSE;
    after = afterWord(at);
  } else if (code == 0x6e) {
    kind = NULL;
    after = afterWord(at);
  } else {
    after = afterNumber(at);
    kind = isWhole ? WHOLE_NUMBER : OTHER_NUMBER;
    number = whole;
  }
  if (field >= 0 && after != 0) {
    const place = <usize>field << 2;
    store<i32>(KINDS + place, kind);
    store<i32>(STARTS + place, <i32>at);
    store<i32>(ENDS + place, <i32>after);
    store<f64>(NUMBERS + (place << 1), number);
    if (kind == TEXT) {
      noteText(<usize>field, at + 1, after - 1);
      if (isAscii(at + 1, after - 1)) store<i32>(KINDS + place, ASCII_TEXT);
    }
  }
  return after;
}

/** Many fields say the same in one line after the other: then the host has the text already. */
function noteText(field: usize, start: usize, end: usize): void {
  const place = field << 2;
  const kept = TEXTS + TEXT_BYTES * field;
  const length = end - start;
  const isKept = length <= TEXT_BYTES;
  if (isKept && load<i32>(LENGTHS + place) == <i32>length && isSame(kept, start, length)) return;
  store<i32>(VERSIONS + place, load<i32>(VERSIONS + place) + 1);
  store<i32>(LENGTHS + place, isKept ? <i32>length : -1);
  if (!isKept) return;
  // What stands behind it is copied too: there is room for that.
  for (let at: usize = 0; at < length; at += 16) v128.store(kept + at, v128.load(start + at));
}

/** True if it is sure that all bytes of a text are ASCII: long ones are not looked at. */
function isAscii(start: usize, end: usize): bool {
  if (end - start > TEXT_BYTES) return false;
  let at = start;
  for (; at + 8 <= end; at += 8) if ((load<u64>(at) & HIGH_BITS) != 0) return false;
  for (; at < end; at++) if (load<u8>(at) > 0x7f) return false;
  return true;
}

const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
const DAY_MILLIS: i64 = 86_400_000;

/**
 * Milliseconds since 1970 of a text as `2026-11-26T20:52:47.123Z`, with any number of decimals or none; -1 if it is
 * another one, which the host reads.
 */
export function timeIn(start: usize, end: usize): f64 {
  if (end - start < 20) return -1;
  const year = digits(start, 4);
  const month = digits(start + 5, 2);
  const day = digits(start + 8, 2);
  const hour = digits(start + 11, 2);
  const minute = digits(start + 14, 2);
  const second = digits(start + 17, 2);
  const isDate = load<u8>(start + 4) == 0x2d && load<u8>(start + 7) == 0x2d && load<u8>(start + 10) == 0x54;
  const isTime = load<u8>(start + 13) == COLON && load<u8>(start + 16) == COLON && load<u8>(end - 1) == 0x5a;
  if (!isDate || !isTime || year < 1970 || month < 1 || month > 12) return -1;
  // What no month has, and the last second of a day, the host knows better.
  if (day < 1 || day > 28 + (month == 2 ? 0 : 2) || hour < 0 || hour > 23) return -1;
  if (minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
  let millis: i64 = 0;
  let at = start + 19;
  if (at < end - 1) {
    if (load<u8>(at++) != 0x2e || at == end - 1) return -1;
    let unit: i64 = 100;
    for (; at < end - 1; at++) {
      const digit = digits(at, 1);
      if (digit < 0) return -1;
      millis += unit * digit;
      unit /= 10;
    }
  }
  // Years that begin in March end with their leap day.
  const shifted = month > 2 ? month - 3 : month + 9;
  const years = month > 2 ? year : year - 1;
  const leaps = years / 4 - years / 100 + years / 400;
  const days = 365 * years + leaps + (153 * shifted + 2) / 5 + day - 1 - 719_468;
  return <f64>(days * DAY_MILLIS + 1000 * (3600 * hour + 60 * minute + second) + millis);
}

/** The number that so many digits say; -1 if they are not all digits. */
function digits(start: usize, count: usize): i64 {
  let value: i64 = 0;
  for (let at = start; at < start + count; at++) {
    const code: i32 = load<u8>(at);
    if (!isDigit(code)) return -1;
    value = 10 * value + (code - 0x30);
  }
  return value;
}

let elements: i32 = 0;

/** A list; `node`: the fields that are wanted of its elements that are objects, or 0. Leaves their number in `elements`. */
function listAt(start: usize, node: usize): usize {
  let at = afterSpace(start + 1);
  let count: i32 = 0;
  if (load<u8>(at) == CLOSE_LIST) {
    elements = 0;
    return at + 1;
  }
  while (true) {
    at = node != 0 && load<u8>(at) == OPEN_OBJECT ? objectAt(at, node) : skip(at);
    if (at == 0) return 0;
    count++;
    at = afterSpace(at);
    const code: i32 = load<u8>(at);
    if (code == CLOSE_LIST) {
      elements = count;
      return at + 1;
    }
    if (code != COMMA) return 0;
    at = afterSpace(at + 1);
  }
}

/** Any value. Gives the address behind it; 0 if it is none. */
function skip(start: usize): usize {
  let at = start;
  let depth: usize = 0;
  while (true) {
    const code: i32 = load<u8>(at);
    if (code == QUOTE) at = afterText(at);
    else if (code == OPEN_OBJECT || code == OPEN_LIST) {
      const isObject = code == OPEN_OBJECT;
      at = afterSpace(at + 1);
      if (load<u8>(at) == (isObject ? CLOSE_OBJECT : CLOSE_LIST)) at++;
      else {
        if (depth == STACK_BYTES) {
          isUnsure = true;
          return 0;
        }
        store<u8>(STACK + depth++, isObject ? 1 : 0);
        if (isObject) {
          at = afterKey(at);
          if (at == 0) return 0;
        }
        continue;
      }
    } else if (code == 0x74 || code == 0x66 || code == 0x6e) at = afterWord(at);
    else at = afterNumber(at);
    if (at == 0) return 0;
    while (true) {
      if (depth == 0) return at;
      at = afterSpace(at);
      const isObject = load<u8>(STACK + depth - 1) == 1;
      const after: i32 = load<u8>(at);
      if (after == COMMA) {
        at = afterSpace(at + 1);
        if (isObject) {
          at = afterKey(at);
          if (at == 0) return 0;
        }
        break;
      }
      if (after != (isObject ? CLOSE_OBJECT : CLOSE_LIST)) return 0;
      depth--;
      at++;
    }
  }
}

/** Behind a key and its colon, at the value. */
@inline
function afterKey(start: usize): usize {
  let at = afterText(start);
  if (at == 0) return 0;
  at = afterSpace(at);
  return load<u8>(at) == COLON ? afterSpace(at + 1) : 0;
}

/** Bytes of a text that are looked at together, a bit each. */
const BLOCK_BYTES: usize = 64;
const EVEN_BITS: u64 = 0x5555_5555_5555_5555;

/**
 * Behind a text; 0 if there is none. What stands behind its backslashes is not looked at: see `hasEscapes`.
 */
function afterText(start: usize): usize {
  if (load<u8>(start) != QUOTE) return 0;
  isEscaped = false;
  // Keys and ids end soon.
  const first = v128.load(start + 1);
  const found = i8x16.bitmask(v128.or(isByte(first, QUOTE), v128.or(isByte(first, BACKSLASH), isControl(first))));
  let at = start + 1;
  if (found != 0) {
    at += ctz(found);
    const code: i32 = load<u8>(at);
    if (code == QUOTE) return at + 1;
    if (code != BACKSLASH) return 0;
  } else at += 16;
  return endOfLongText(at);
}

/** The same from the middle of a text. Texts of tools hold a backslash in every few words: these must cost nothing. */
function endOfLongText(start: usize): usize {
  let isNextEscaped: u64 = 0;
  for (let at = start; ; at += BLOCK_BYTES) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const backslashes = bits(isByte(a, BACKSLASH), isByte(b, BACKSLASH), isByte(c, BACKSLASH), isByte(d, BACKSLASH));
    const quotes = bits(isByte(a, QUOTE), isByte(b, QUOTE), isByte(c, QUOTE), isByte(d, QUOTE));
    const controls = bits(isControl(a), isControl(b), isControl(c), isControl(d));
    let escaped = isNextEscaped;
    if (backslashes == 0) isNextEscaped = 0;
    else {
      // In a row of backslashes every second one is escaped; which ones, follows from where the row begins. Adding the
      // beginnings to the rows carries a bit to the end of each.
      const free = backslashes & ~isNextEscaped;
      const behind = (free << 1) | isNextEscaped;
      const oddStarts = free & ~EVEN_BITS & ~behind;
      const carried = oddStarts + free;
      isNextEscaped = carried < free ? 1 : 0;
      escaped = (EVEN_BITS ^ (carried << 1)) & behind;
    }
    const ends = quotes & ~escaped;
    const stops = ends | controls;
    if (stops == 0) {
      if (backslashes != 0) isEscaped = true;
      continue;
    }
    const place = ctz(stops);
    // What stands behind the end is none of it.
    if ((backslashes & ((<u64>1 << place) - 1)) != 0) isEscaped = true;
    return ((ends >> place) & 1) != 0 ? at + <usize>place + 1 : 0;
  }
}

/** True if what stands behind the backslashes of a text may stand there. */
function hasEscapes(from: usize, end: usize): bool {
  for (let at = from; at < end; at++) {
    if (load<u8>(at) != BACKSLASH) continue;
    at++;
    const code: i32 = load<u8>(at);
    if (code == 0x75) {
      for (let digit: usize = 1; digit < 5; digit++) if (!isHex(load<u8>(at + digit))) return false;
    } else if (!isEscape(code)) return false;
  }
  return true;
}

/** What may stand behind a backslash: `n " \\ t r / b f`. */
function isEscape(code: i32): bool {
  return (
    code == 0x6e ||
    code == QUOTE ||
    code == BACKSLASH ||
    code == 0x74 ||
    code == 0x72 ||
    code == 0x2f ||
    code == 0x62 ||
    code == 0x66
  );
}

function isHex(code: i32): bool {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}

@inline
function isByte(bytes: v128, code: i32): v128 {
  return i8x16.eq(bytes, i8x16.splat(<i8>code));
}

@inline
function isControl(bytes: v128): v128 {
  return i8x16.lt_u(bytes, i8x16.splat(0x20));
}

@inline
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a)) |
    ((<u64>(<u32>i8x16.bitmask(b))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(c))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(d))) << 48)
  );
}

@inline
function isDigit(code: i32): bool {
  return code >= 0x30 && code <= 0x39;
}

let isWhole: bool = false;
let whole: f64 = 0;

/** Behind a number; 0 if there is none. Leaves its value in `whole` if it is a whole one of a usual size. */
function afterNumber(start: usize): usize {
  let at = start;
  const isNegative = load<u8>(at) == 0x2d;
  if (isNegative) at++;
  const digits = at;
  let value: i64 = 0;
  if (load<u8>(at) == 0x30) at++;
  else while (isDigit(load<u8>(at))) value = 10 * value + (load<u8>(at++) - 0x30);
  const length = <i32>(at - digits);
  if (length == 0) return 0;
  isWhole = length <= MAX_DIGITS && !(isNegative && value == 0);
  whole = <f64>(isNegative ? -value : value);
  if (load<u8>(at) == 0x2e) {
    isWhole = false;
    const fraction = ++at;
    while (isDigit(load<u8>(at))) at++;
    if (at == fraction) return 0;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    isWhole = false;
    at++;
    const sign: i32 = load<u8>(at);
    if (sign == 0x2b || sign == 0x2d) at++;
    const exponent = at;
    while (isDigit(load<u8>(at))) at++;
    if (at == exponent) return 0;
  }
  return at;
}

/** Behind `true`, `false` or `null`. */
function afterWord(at: usize): usize {
  const four = load<u32>(at);
  if (four == 0x65757274 || four == 0x6c6c756e) return at + 4;
  return four == 0x736c6166 && load<u8>(at + 4) == 0x65 ? at + 5 : 0;
}
