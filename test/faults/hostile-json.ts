/** Texts that are JSON, or nearly: real samples with parts put in the place of others, bytes gone, keys doubled; and noise. */
import fc from 'fast-check';
import { type Node, parseTree } from 'jsonc-parser';

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

/** What stands where something else is expected; some of it is no JSON. */
const PARTS: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1', '7', '1.5', '1e999', '-1e999', '1e308', '5e-324', '1e21'],
  ...[
    '9007199254740991',
    '9007199254740993',
    '4294967296',
    '8640000000000001',
    '9'.repeat(400),
    'NaN',
    'undefined',
    '01',
  ],
  ...[
    '""',
    '" "',
    '"x"',
    '"0"',
    '"__proto__"',
    '"constructor"',
    '"hasOwnProperty"',
    '"toString"',
    '"../../etc/passwd"',
  ],
  ...[
    '"\\u0000"',
    '"\\ud800"',
    '"\\udfff\\ud83d"',
    '"\\u001b[2J"',
    '"\\u202e"',
    '"\\u2028"',
    '"=1+1"',
    '"<b>"',
    '"\\n\\r"',
  ],
  ...[
    '"2026-11-22T06:47:24.596Z"',
    '"0000-00-00T00:00:00Z"',
    '"+275760-09-13T00:00:00.001Z"',
    '"never"',
    '"1e99"',
    '"😀é"',
  ],
  ...['[]', '{}', '[[]]', '[null]', '[{}]', '[1,"a",null,{}]', '{"":null}', '{"length":-1}', '{"then":{}}'],
  ...[
    '{"toString":1,"valueOf":1}',
    '{"toJSON":{},"hasOwnProperty":0}',
    '{"__proto__":{"polluted":1}}',
    '{"__proto__":null}',
  ],
  ...[
    '{"constructor":{"prototype":{"polluted":1}}}',
    `"${'x'.repeat(3000)}"`,
    `"${'😀'.repeat(300)}"`,
    `"${'\\"'.repeat(200)}"`,
  ],
  ...[
    nested(100, '[', ']'),
    nested(8000, '[', ']'),
    `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`,
    `[${'{},'.repeat(200)}1]`,
  ],
];
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'x',
  'length',
  'type',
  'id',
  'name',
  'v',
  '\\u0061',
  '\\ud800',
];
/** What stands anywhere in a text. */
const SNIPPETS = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\n',
  '\r\n',
  '\0',
  '\ufeff',
  '\ud800',
  '/*',
  '//',
  '-',
  '0',
  'e',
  '\u2028',
];

interface Sample {
  text: string;
  /** Places of all values and properties in it, from the beginning on. */
  nodes: { from: number; to: number; key?: { from: number; to: number } }[];
}

function sampleOf(text: string): Sample {
  const nodes: Sample['nodes'] = [];
  const walk = ({ type, offset, length, children = [] }: Node): void => {
    const key = type === 'property' ? children[0] : undefined;
    nodes.push({
      from: offset,
      to: offset + length,
      ...(key && { key: { from: key.offset, to: key.offset + key.length } }),
    });
    children.slice(key ? 1 : 0).forEach(walk);
  };
  const tree = parseTree(text);
  if (tree) walk(tree);
  return { text, nodes };
}

/** How a part, or any place, is changed; `where` and `what` choose among those that there are. */
interface Change {
  kind: number;
  where: number;
  what: number;
}

const PART_CHANGES = 8;

/** A text with another part in the place of one: a value, or a property of an object. */
function withPart(text: string, { from, to, key }: Sample['nodes'][number], { kind, where, what }: Change): string {
  const part = PARTS[what % PARTS.length];
  const put = (piece: string | undefined): string => `${text.slice(0, from)}${piece}${text.slice(to)}`;
  if (!key) return put(part);
  const name = text.slice(from, key.to);
  const property = text.slice(from, to);
  if (kind < 3) return put(`${name}:${part}`);
  if (kind < 4) return put(`${property},${name}:${part}`);
  if (kind < 5) return put(`${name}:${part},${property}`);
  if (kind < 6) return put(`"${KEYS[what % KEYS.length]}"${text.slice(key.to, to)}`);
  if (kind < 7) return put('"gone":0');
  return put(`${property},"${KEYS[what % KEYS.length]}":${PARTS[where % PARTS.length]}`);
}

function withNoise(text: string, { kind, where, what }: Change): string {
  const at = where % (text.length + 1);
  const put = (piece: string, gone = 0): string => text.slice(0, at) + piece + text.slice(at + gone);
  if (kind < 9) return put(SNIPPETS[what % SNIPPETS.length] ?? '');
  if (kind < 10) return put(String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << (what % 8))), 1);
  if (kind < 11) return text.slice(0, at);
  if (kind < 12) return put('', what % 40);
  return put(text.slice(at, at + (what % 200)));
}

function withChanges({ text, nodes }: Sample, changes: readonly Change[]): string {
  const nodeOf = ({ where }: Change): Sample['nodes'][number] | undefined => nodes[where % Math.max(1, nodes.length)];
  // From the end on, so that the places of the others stay what they are.
  const inParts = changes
    .filter(({ kind }) => kind < PART_CHANGES)
    .sort((a, b) => (nodeOf(b)?.from ?? 0) - (nodeOf(a)?.from ?? 0));
  let changed = text;
  let before = Number.POSITIVE_INFINITY;
  for (const change of inParts) {
    const node = nodeOf(change);
    if (!node || node.to > before) continue;
    changed = withPart(changed, node, change);
    before = node.from;
  }
  for (const change of changes) if (change.kind >= PART_CHANGES) changed = withNoise(changed, change);
  return changed;
}

/** Mostly samples with up to three changes; sometimes any JSON, sometimes noise. */
export function hostileJson(samples: readonly string[]): fc.Arbitrary<string> {
  const known = samples.map(sampleOf);
  const change: fc.Arbitrary<Change> = fc
    .tuple(fc.nat(12), fc.nat(), fc.nat())
    .map(([kind, where, what]) => ({ kind, where, what }));
  const mutated = fc
    .tuple(fc.constantFrom(...known), fc.array(change, { maxLength: 3 }))
    .map(([sample, changes]) => withChanges(sample, changes));
  const noise = fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes).toString('latin1'));
  return fc.oneof(
    { weight: 16, arbitrary: mutated },
    { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: noise },
  );
}

/** What JSON says, or undefined if it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
