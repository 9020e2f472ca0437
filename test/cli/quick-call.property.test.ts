/** A call that needs no parser is read as the parser reads it, whatever its words are. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CliContext } from '../../src/cli/cli-context.ts';
import { parseCall } from '../../src/cli/command-parser.ts';
import { quickCall } from '../../src/cli/quick-call.ts';
import { COMMANDS } from '../../src/cli/run-cli.ts';

const numRuns = Number(process.env.PROPERTY_RUNS ?? 2000);
const silent = { stdout: { write() {} }, stderr: { write() {} }, columns: 80 } as unknown as CliContext;

const word = fc.constantFrom(
  '',
  'x',
  '5',
  '0',
  '-5',
  '-',
  '--',
  '--help',
  '--version',
  '--no-json',
  '-h',
  'model',
  '30d',
);
const value = fc.oneof(
  word,
  fc.constantFrom('2026-01-01', 'agent,model', 'a=b', 'start', '--json', ' ', 'Europe/Berlin', '1e3', 'ü'),
);
const call = fc.constantFrom(...COMMANDS).chain(({ path, options, argument }) => {
  const flags = [...options.map(option => option.flags), '--state-dir <DIR>', '--json'];
  const option = fc.tuple(fc.constantFrom(...flags), value, fc.nat(9)).map(([flag, given, shape]) => {
    const [name = ''] = flag.split(' ');
    if (shape === 0) return [name];
    if (shape === 1) return [`${name}=${given}`];
    return flag.includes('<') ? [name, given] : [name];
  });
  const one = value.map(given => [given]);
  const operands = argument?.isOptional ? fc.oneof(one, fc.constant([])) : argument ? one : fc.constant([]);
  return fc
    .tuple(fc.array(option, { maxLength: 4 }), operands, fc.array(word, { maxLength: 1 }), fc.boolean())
    .map(([given, operand, other, isLast]) => [
      ...path,
      ...(isLast ? [...given.flat(), ...operand] : [...operand, ...given.flat()]),
      ...(other[0] === undefined || given.length > 1 ? [] : other),
    ]);
});

// An age is one of the moment at which it is read.
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterAll(() => void vi.useRealTimers());

describe('a call that needs no parser', () => {
  it('is read as the parser reads it', () => {
    let quick = 0;
    fc.assert(
      fc.property(call, argv => {
        const read = quickCall(argv, COMMANDS);
        if (!read) return;
        quick++;
        expect(parseCall(argv, COMMANDS, silent)).toEqual(read);
      }),
      { numRuns },
    );
    expect(quick).toBeGreaterThan(numRuns / 10);
  });

  it.each(COMMANDS.map(({ path, options, argument }) => [path.join(' '), { path, options, argument }] as const))(
    'is %s with its options',
    (_, { path, options, argument }) => {
      const given = options.filter(({ parse }) => !parse).map(({ flags }) => flags.split(' '));
      const argv = [...path, ...given.flatMap(([flag = '', takes]) => (takes ? [flag, 'x'] : [flag])), '--json'];
      expect(quickCall(argument ? [...argv, 'x'] : argv, COMMANDS)?.options).toMatchObject({ json: true });
    },
  );
});
