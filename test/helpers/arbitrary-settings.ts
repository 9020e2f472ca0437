/** Random settings of Claude Code, laid out in random ways: white space, comments, trailing commas, line ends. */
import fc from 'fast-check';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const EVENTS = ['Stop', 'PreToolUse', 'SessionStart', 'Notification', 'Pre"Tool\\'];
const word = fc.oneof(
  fc.constantFrom('a', 'hooks', 'Stop', 'é😀', '// no comment', '/* none */', ',', '}', '"\\', '\u2028'),
  fc.string({ unit: 'binary', maxLength: 6 }).filter(text => text !== '__proto__' && text.isWellFormed()),
);
const value: fc.Arbitrary<Json> = fc.letrec<{ any: Json }>(tie => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, -1.5e300),
    word,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(word, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

/** A handler of somebody else, or a group that is none at all. */
const group: fc.Arbitrary<Json> = fc.oneof(
  fc.record({
    matcher: word,
    hooks: fc.array(fc.record({ type: fc.constant('command'), command: word }), { maxLength: 2 }),
  }),
  value.filter(item => typeof item !== 'object' || item === null || Array.isArray(item)),
);
const hooks = fc.dictionary(fc.constantFrom(...EVENTS), fc.array(group, { maxLength: 3 }), { noNullPrototype: true });

/** Variables of somebody else; some have names that are ours. */
const env = fc.dictionary(
  fc.oneof(fc.constantFrom('A', 'CLAUDE_CODE_ENABLE_TELEMETRY', 'OTEL_LOGS_EXPORTER'), word),
  fc.oneof(fc.constantFrom<Json>('1', 1, 'otlp', 'none'), word),
  { maxKeys: 3, noNullPrototype: true },
);

/** An object with others' hooks and variables, or without. */
export const someSettings: fc.Arbitrary<{ [key: string]: Json }> = fc
  .tuple(
    fc.dictionary(
      word.filter(key => key !== 'hooks' && key !== 'env'),
      value,
      { maxKeys: 4, noNullPrototype: true },
    ),
    fc.option(hooks, { nil: undefined }),
    fc.option(env, { nil: undefined }),
    fc.boolean(),
  )
  .map(([others, ownHooks, ownEnv, isFirst]) => {
    const own = { ...(ownHooks && { hooks: ownHooks }), ...(ownEnv && { env: ownEnv }) };
    return isFirst ? { ...own, ...others } : { ...others, ...own };
  });

const GAPS = [
  '',
  '',
  '',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\n    ',
  ' \n',
  '/* c */',
  ' // c\n',
  '/* {"a": [1,2] */ ',
  '//,]}\r\n',
  '/*\n*/',
];
const CLEAN_GAPS = GAPS.filter(gap => gap.trim() === '');

const layoutsOf = (gaps: readonly string[]): fc.Arbitrary<(value: Json) => string> =>
  fc
    .record({ noise: fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), hasMark: fc.boolean() })
    .map(({ noise, hasMark }) => {
      const show = (value: Json): string => (hasMark ? '\uFEFF' : '') + withGaps(value, gaps, noise);
      // What a counterexample shows.
      return Object.assign(show, { toString: () => `layout ${JSON.stringify({ noise, hasMark })}` });
    });

/** JSON as it should be, with any white space. */
export const strictLayouts = layoutsOf(CLEAN_GAPS);
/** The same, or with comments and trailing commas. */
export const layouts = fc.oneof(strictLayouts, layoutsOf(GAPS));

/** As every editor writes it. */
export const regularLayouts: fc.Arbitrary<(value: Json) => string> = fc
  .record({
    step: fc.constantFrom('\t', ' ', '  ', '    '),
    eol: fc.constantFrom('\n', '\r\n'),
    ending: fc.constantFrom('', '\n', '\n\n'),
  })
  .map(
    ({ step, eol, ending }) =>
      value =>
        (JSON.stringify(value, null, step) + ending).replaceAll('\n', eol),
  );

function withGaps(value: Json, gaps: readonly string[], noise: readonly number[]): string {
  let turn = 0;
  const next = (): number => (noise[turn++ % noise.length] ?? 0) + turn;
  const gap = (): string => gaps[next() % gaps.length] ?? '';
  const trailing = (): string => (gaps === GAPS && next() % 3 === 0 ? `,${gap()}` : '');
  const list = (items: string[]): string => (items.length === 0 ? gap() : items.join(',') + trailing());
  const show = (item: Json): string => {
    const before = gap();
    let text = JSON.stringify(item);
    if (Array.isArray(item)) text = `[${list(item.map(show))}]`;
    else if (typeof item === 'object' && item !== null) {
      text = `{${list(Object.entries(item).map(([key, one]) => `${gap()}${JSON.stringify(key)}${gap()}:${show(one)}`))}}`;
    }
    return before + text + gap();
  };
  return show(value);
}
