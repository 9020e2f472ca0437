// What stands in for content: prose, code, listings and logs, cut out of pools that are made once.
const WORDS = (
  'order stock price index cache queue batch worker parser ledger report filter schema token branch commit merge ' +
  'build deploy retry timeout handler router store record event trace span agent skill prompt session folder file ' +
  'test fixture mock assert table column query cursor page header footer button layout theme locale currency'
).split(' ');
const ABROAD = ['Größe', 'naïve', 'façade', 'señal', '→', '—', '✔', '注文', '在庫', 'цена', '“quoted”', 'Übersicht'];
const POOL_CHARS = 400_000;
const BASE64_CHARS = 40_000;
const BASE64_REPEATS = 50;
/** Of a hundred results, those below `upTo` are that long: a few are very long, as outputs of tools are. */
const SIZES = [
  { upTo: 42, least: 40, most: 800 },
  { upTo: 72, least: 800, most: 3_000 },
  { upTo: 91, least: 3_000, most: 12_000 },
  { upTo: 98, least: 12_000, most: 40_000 },
  { upTo: 100, least: 40_000, most: 100_000 },
];

const LINES = [
  (w, n) => `  const ${w()} = ${w()}(${w()}.${w()}, { ${w()}: ${n(500)}, "${w()}": '${w()}' });`,
  (w, n) =>
    `\tif (${w()} === undefined) throw new Error(\`${w()}: expected ${w()}, got \${${w()}}\`); // ${w()} ${n(99)}`,
  (w, n) => `src/${w()}/${w()}-${w()}.ts:${n(400)}:${n(80)}: ${w()} ${w()} ${w()} of the ${w()}`,
  (w, n) => `-rw-r--r--  1 dev dev ${n(90_000)} Sep ${n(28)} 10:${10 + n(49)} ${w()}-${w()}.json`,
  (w, n) => `\u001b[32mPASS\u001b[39m test/${w()}/${w()}.test.ts (${n(40)} tests) ${n(900)}ms`,
  (w, n) =>
    `2026-10-${10 + n(20)}T0${n(9)}:${10 + n(49)}:00.${100 + n(899)}Z INFO ${w()} ${w()}=${n(9999)} "${w()} ${w()}"`,
  w => `The ${w()} of each ${w()} is kept in the ${w()}, so that a ${w()} finds its ${w()} again.`,
  (w, n) => `{"type":"assistant","message":{"role":"assistant","usage":{"input_tokens":${n(90)}}},"name":"${w()}"}`,
];

function makePool(random, wordOf) {
  const number = limit => random.below(limit) + 1;
  let pool = '';
  const starts = [];
  while (pool.length < POOL_CHARS) {
    starts.push(pool.length);
    pool += `${random.pick(LINES)(wordOf, number)}\n`;
  }
  return { pool: pool + pool, starts };
}

export function createFiller(random) {
  const word = () => random.pick(WORDS);
  const plain = makePool(random, word);
  const abroad = makePool(random, () => (random.chance(0.2) ? random.pick(ABROAD) : word()));
  const base64 = random.base62(BASE64_CHARS).repeat(BASE64_REPEATS);

  return {
    word,
    /** Lines of about so many characters; one text in eight is not plain ASCII. */
    text(chars) {
      const { pool, starts } = random.chance(0.125) ? abroad : plain;
      const start = random.pick(starts);
      return pool.slice(start, start + Math.min(chars, POOL_CHARS));
    },
    words: count => Array.from({ length: count }, word).join(' '),
    base64: chars => base64.slice(0, chars),
    path: () => `src/${word()}/${word()}-${word()}.ts`,
    /** How long an output is: mostly short, now and then very long. */
    size() {
      const at = random.below(100);
      const { least, most } = SIZES.find(({ upTo }) => at < upTo);
      return random.between(least, most);
    },
  };
}
