/** Commands taken apart as a shell takes them, and compared with one. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWords } from '../../src/model/command-words.ts';

describe('the words of a command', () => {
  it.each([
    ['notify', ['notify']],
    ['  notify   -x\t"a b"\n', ['notify', '-x', 'a b']],
    [`say 'it''s'`, ['say', 'its']],
    [`say "it's" 'say "hi"'`, ['say', "it's", 'say "hi"']],
    ['/opt/my\\ tool/run', ['/opt/my tool/run']],
    ['say "a \\"b\\" \\\\ \\n"', ['say', 'a "b" \\ \\n']],
    [`a''b ""`, ['ab', '']],
    [
      'echo $HOME `id` *.ts | sh; x > y && z ~',
      ['echo', '$HOME', '`id`', '*.ts', '|', 'sh;', 'x', '>', 'y', '&&', 'z', '~'],
    ],
  ])('%j are %j', (text, words) => {
    expect(commandWords(text)).toEqual(words);
  });

  it.each(['', '   ', `'open`, 'a "open', 'a \\', `"" x`])('%j are none', text => {
    expect(commandWords(text)).toBeNull();
  });

  it('are those of a shell for everything that it expands in no way', () => {
    const character = fc.constantFrom('a', 'ä', 'b', ' ', '  ', "'", '"', '\\', '-', '/', '=');
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), characters => {
        const text = `x${characters.join('')}`;
        const words = commandWords(text);
        if (words === null) return;
        const shell = execFileSync('sh', ['-c', `printf '%s\\0' ${text}`], { encoding: 'utf8' });
        expect(words).toEqual(shell.split('\0').slice(0, -1));
      }),
      { numRuns: 200 },
    );
  });
});
