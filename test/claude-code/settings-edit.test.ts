/** Hooks into the text of settings and out again. */
import { describe, expect, it } from 'vitest';
import { type HookGroup, hookGroups, isOurHandler } from '../../src/claude-code/hook-entries.ts';
import { hasOurHooks, withHooks, withoutHooks } from '../../src/claude-code/settings-edit.ts';

const path = '/p/settings.json';
const handler = { type: 'command' as const, command: 'node', args: ['/x/hooks/spanbook/claude-code.cjs'], timeout: 5 };
const ours: HookGroup = { hooks: [handler] };
/** One event is enough to see where it goes. */
const one = new Map([['Stop', ours]]);
const compact = JSON.stringify(ours);
const put = (text: string, groups = one): string => withHooks({ path, text }, groups).text;
const take = (text: string, made: Parameters<typeof withoutHooks>[1] = null): string =>
  withoutHooks({ path, text }, made);

describe('hookGroups', () => {
  it('are those of the settings of the client', () => {
    const groups = hookGroups('/x/claude-code.cjs', '/state');
    expect([...groups.keys()].sort()).toEqual([
      'PermissionDenied',
      'PostToolUse',
      'PostToolUseFailure',
      'PreToolUse',
      'SessionEnd',
      'SessionStart',
      'Stop',
      'StopFailure',
      'SubagentStart',
      'SubagentStop',
      'UserPromptExpansion',
      'UserPromptSubmit',
    ]);
    const hooks = [
      { type: 'command', command: 'node', args: ['/x/claude-code.cjs', '--state-dir', '/state'], timeout: 5 },
    ];
    for (const [event, group] of groups) {
      expect(group).toEqual(event.endsWith('ToolUse') ? { matcher: 'Agent|Task|Skill', hooks } : { hooks });
    }
  });

  it.each([
    [true, handler],
    [true, { type: 'command', command: 'node "$CLAUDE_PROJECT_DIR/.claude/hooks/spanbook/claude-code.cjs" || exit 0' }],
    [true, { type: 'command', command: 'node', args: ['C:\\p\\.claude\\hooks\\spanbook\\claude-code.cjs'] }],
    [false, { type: 'command', command: 'node', args: ['/x/hooks/other/claude-code.cjs'] }],
    [false, { type: 'http', url: 'http://localhost/hooks/spanbook/claude-code.cjs' }],
    [false, 'hooks/spanbook/claude-code.cjs'],
    [false, null],
  ])('are ours: %s for %j', (expected, value) => {
    expect(isOurHandler(value)).toBe(expected);
  });
});

describe('withHooks', () => {
  it('adds behind what is there, with the indentation, line ends and comments of the file', () => {
    const text = [
      '{',
      '\t// what it may do',
      '\t"permissions": { "allow": ["Bash(ls)"] },',
      '\t"hooks": {',
      '\t\t"Stop": [',
      '\t\t\t{ "hooks": [{ "type": "command", "command": "theirs" }] } // mine',
      '\t\t]',
      '\t}, // the last',
      '}',
    ].join('\r\n');
    expect(put(text).replaceAll('\r\n', '~').replaceAll('\t', '>').split('~').slice(4, -2)).toEqual([
      '>>"Stop": [',
      '>>>{ "hooks": [{ "type": "command", "command": "theirs" }] }, // mine',
      '>>>{',
      '>>>>"hooks": [',
      '>>>>>{',
      '>>>>>>"type": "command",',
      '>>>>>>"command": "node",',
      '>>>>>>"args": [',
      '>>>>>>>"/x/hooks/spanbook/claude-code.cjs"',
      '>>>>>>],',
      '>>>>>>"timeout": 5',
      '>>>>>}',
      '>>>>]',
      '>>>}',
      '>>]',
    ]);
    expect(take(put(text))).toBe(text);
  });

  it.each([
    ['one line', '{"a":[1,22]}', `{"a":[1,22],"hooks":{"Stop":[${compact}]}}`],
    ['one line with an end', '{"a":1}\n', `{"a":1,"hooks":{"Stop":[${compact}]}}\n`],
    ['one line with others', '{"hooks":{"Stop":[{}]}}', `{"hooks":{"Stop":[{},${compact}]}}`],
    ['one line with an empty list', '{"hooks":{"Stop":[ ]}}', `{"hooks":{"Stop":[${compact}]}}`],
    ['one line with a comment', '{"a":1/* x */}', `{"a":1,/* x */"hooks":{"Stop":[${compact}]}}`],
    ['one line with a trailing comma', '{"a":1,}', `{"a":1,"hooks":{"Stop":[${compact}]},}`],
  ])('keeps %s', (_what, text, expected) => {
    expect(put(text)).toBe(expected);
  });

  it.each([
    ['nothing', '', '{@}\n'],
    ['an empty object', '{}', '{@}'],
    ['white space', '{ \n\n }\n', '{@}\n'],
    ['a comment', '// mine\n', '// mine\n{@}\n'],
    ['a comment inside', '{\n  // mine\n}\n', '{\n  // mine@}\n'],
    ['a comment at the end of the last line', '{\n  "a": 1 // x\n}\n', '{\n  "a": 1, // x@}\n'],
    ['a comment at the end of the only line', '{"a": 1 // x\n}', '{"a": 1, // x@}'],
    ['comments below', '{\n  "a": 1\n  // "b": 2\n}', '{\n  "a": 1,@  // "b": 2\n}'],
    ['a trailing comma', '{\n  "a": 1,\n}', '{\n  "a": 1,@,}'],
    ['a comma on the next line', '{\n    "a": 1\n  , // x\n}', '{\n    "a": 1\n  , // x@,}'],
  ])('begins well in %s', (_what, text, expected) => {
    const step = text.includes('    "a"') ? 4 : 2;
    const block = JSON.stringify({ hooks: { Stop: [ours] } }, null, step).slice(1, -1);
    const wanted = expected.replace('@,', `${block.trimEnd()},\n`).replace('@', block);
    expect(put(text)).toBe(wanted);
  });

  it('gives a bracket that closes behind us a line of its own', () => {
    const text = put('{\n  "hooks": { "Stop": [1] }\n}');
    expect(text.split('\n').slice(-4)).toEqual(['      ]', '    }', '  ] }', '}']);
  });

  it('adds to the last of two that have the same key, as readers take it', () => {
    const text = put('{"hooks":{"Stop":[1]},"hooks":{"Stop":[2]}}');
    expect(JSON.parse(text).hooks).toEqual({ Stop: [2, ours] });
  });

  it('puts our entries right where they stand, and leaves the rest of a group alone', () => {
    const old = { ...handler, command: '/usr/bin/node', timeout: 60 };
    const other = { type: 'command', command: 'theirs' };
    const text = (stop: unknown[], more: object = {}): string =>
      JSON.stringify({ hooks: { Stop: stop, ...more } }, null, 2);
    expect(put(text([{ hooks: [old] }, { hooks: [other] }]))).toBe(text([ours, { hooks: [other] }]));
    expect(put(text([{ hooks: [other, old] }]))).toBe(text([{ hooks: [other] }, ours]));
    expect(put(text([{ matcher: 'x', hooks: [handler] }]))).toBe(text([ours]));
    expect(put(text([{ hooks: [other, handler] }]))).toBe(text([{ hooks: [other, handler] }]));
    expect(put(text([{ matcher: '*', hooks: [handler] }]))).toBe(text([{ matcher: '*', hooks: [handler] }]));
    expect(put(text([{ hooks: [old] }, ours, ours]))).toBe(text([ours]));
    expect(put(text([ours], { Gone: [ours, { hooks: [other] }] }))).toBe(text([ours], { Gone: [{ hooks: [other] }] }));
  });

  it('says what it made', () => {
    const made = (text: string) => withHooks({ path, text }, new Map([...one, ['SessionEnd', ours]])).made;
    expect(made('{}')).toEqual({ hooks: true, events: ['Stop', 'SessionEnd'] });
    expect(made('{"hooks":{"Stop":[]}}')).toEqual({ hooks: false, events: ['SessionEnd'] });
    expect(made(put('{}'))).toEqual({ hooks: false, events: ['SessionEnd'] });
  });

  it.each([
    ['{"a": 1,, }', 'expected JSON, got a mistake at line 1, column 9: property name expected'],
    ['{\r\n  "a": 1\r\n  "b": 2\r\n}', 'expected JSON, got a mistake at line 3, column 3: comma expected'],
    ['{"a": 1', 'expected JSON, got a mistake at line 1, column 8: close brace expected'],
    ['/* open', 'expected JSON, got a mistake at line 1, column 1: unexpected end of comment'],
    ['[]', 'expected an object, got an array'],
    ['"text"', 'expected an object, got a string'],
    ['{"hooks": null}', 'hooks: expected an object, got null'],
    ['{"hooks": []}', 'hooks: expected an object, got an array'],
    ['{"hooks": {"Stop": {}}}', 'hooks.Stop: expected an array, got an object'],
    ['{"hooks": {"Stop": true}}', 'hooks.Stop: expected an array, got a boolean'],
  ])('refuses %j', (text, message) => {
    expect(() => put(text)).toThrow(expect.objectContaining({ code: 'BAD_SETTINGS', message: `${path}: ${message}` }));
  });

  it('refuses what has thousands of levels', () => {
    const deep = `{"a": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(() => put(deep)).toThrow(expect.objectContaining({ code: 'BAD_SETTINGS' }));
  });

  it('does not mind shapes that it has nothing to do with', () => {
    const text = '{"hooks": {"Later": 5, "Stop": ["x", {"hooks": "y"}]}}';
    expect(JSON.parse(put(text)).hooks).toEqual({ Later: 5, Stop: ['x', { hooks: 'y' }, ours] });
  });
});

describe('withoutHooks', () => {
  it.each([
    ['the only one', `{"Stop":[${compact}]}`, undefined],
    ['the first', `{"Stop":[${compact}, 1]}`, '{"Stop":[1]}'],
    ['the last', `{"Stop":[1, ${compact}]}`, '{"Stop":[1]}'],
    ['the last before a comma', `{"Stop":[1, ${compact},]}`, '{"Stop":[1, ]}'],
    ['one of three', `{"Stop":[1, ${compact}, 2]}`, '{"Stop":[1, 2]}'],
    ['two', `{"Stop":[${compact}, ${compact}], "B":[0]}`, '{"B":[0]}'],
    ['one in a group of others', `{"Stop":[{"hooks":[${JSON.stringify(handler)},7]}]}`, '{"Stop":[{"hooks":[7]}]}'],
    ['one between comments', `{"Stop":[/*a*/${compact}/*b*/,/*c*/1]}`, '{"Stop":[/*a*//*b*//*c*/1]}'],
    ['one behind a comment', `{"Stop":[// a\n${compact} ]}`, '{"Stop":[// a\n]}'],
    ['one before a comment', `{"Stop":[\n${compact} // a\n]}`, '{"Stop":[\n// a\n]}'],
    ['lines', `{"Stop":[\n 1, // a\n ${compact}\n ]}`, '{"Stop":[\n 1 // a\n ]}'],
    ['lines with a comma first', `{"Stop":[\n 1\n ,${compact}\n ]}`, '{"Stop":[\n 1\n ]}'],
  ])('takes out %s', (_what, hooks, expected) => {
    const wrap = (text: string | undefined): string => (text === undefined ? '{"a":0}' : `{"a":0,"hooks":${text}}`);
    expect(take(wrap(hooks))).toBe(wrap(expected));
  });

  it('keeps empty lists and objects that were there before', () => {
    const text = `{"hooks":{"Stop":[${compact}],"Pre":[${compact}]}}`;
    expect(take(text, { hooks: false, events: ['Pre'] })).toBe('{"hooks":{"Stop":[]}}');
    expect(take(text, { hooks: false, events: ['Pre', 'Stop'] })).toBe('{"hooks":{}}');
    expect(take(text, { hooks: true, events: ['Pre', 'Stop'] })).toBe('{}');
  });

  it('keeps what only looks empty', () => {
    expect(take(`{"hooks":{"Stop":[/* why */${compact}]}}`)).toBe('{"hooks":{"Stop":[/* why */]}}');
    expect(take(`{"hooks":{"Stop":[1]}}`, { hooks: true, events: ['Stop'] })).toBe('{"hooks":{"Stop":[1]}}');
    expect(take(`{"hooks":{"Stop":""}}`, { hooks: true, events: ['Stop'] })).toBe('{"hooks":{"Stop":""}}');
  });

  it('leaves text alone that has none of ours', () => {
    expect(take('{"hooks":{"Stop":[]}} ')).toBe('{"hooks":{"Stop":[]}} ');
    expect(hasOurHooks({ path, text: 'broken' })).toBe(false);
    expect(hasOurHooks({ path, text: '{"a": "claude-code.cjs"}' })).toBe(false);
  });
});
