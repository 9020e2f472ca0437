import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALERTS_COMMANDS } from '../../src/cli/alerts-commands.ts';
import type { CommandSpec } from '../../src/cli/command-spec.ts';
import { CONTEXT_COMMANDS } from '../../src/cli/context-commands.ts';
import { EXEC_COMMANDS } from '../../src/cli/exec-commands.ts';
import { INSTALL_COMMANDS } from '../../src/cli/install-commands.ts';
import { LIVE_COMMANDS } from '../../src/cli/live-commands.ts';
import { MONITOR_COMMANDS } from '../../src/cli/monitor-commands.ts';
import { PIPELINE_COMMANDS } from '../../src/cli/pipeline-commands.ts';
import { PRUNE_COMMANDS } from '../../src/cli/prune-commands.ts';
import { USAGE_COMMANDS } from '../../src/cli/usage-commands.ts';
import { cli, cliJson, eventId, makeFolder, makeState, start, writeSettings } from '../helpers/run-cli.ts';

const named = (specs: readonly CommandSpec[]) => specs.map(spec => [spec.path.join(' '), spec] as const);
const commands = named([
  ...INSTALL_COMMANDS,
  ...PIPELINE_COMMANDS,
  ...CONTEXT_COMMANDS,
  ...EXEC_COMMANDS,
  ...USAGE_COMMANDS,
  ...ALERTS_COMMANDS,
  ...LIVE_COMMANDS,
  ...MONITOR_COMMANDS,
  ...PRUNE_COMMANDS,
]);
/** Those that look into a state folder. */
const opening = commands.filter(([, spec]) => spec.opensState !== false);
const asking = opening.filter(
  ([, spec]) => !['set', 'start', 'run', 'prune', 'compare'].includes(spec.path.at(-1) ?? ''),
);

describe('every command', () => {
  it.each(commands)('%s explains itself with an example', async (_, spec) => {
    const { code, out, err } = await cli([...spec.path, '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Example:\n  $ ${spec.example}`);
    expect(out).toContain('--json');
    expect(out).toContain('--state-dir');
  });

  it.each(commands)('%s refuses an unknown option with exit code 2', async (_, spec) => {
    const { code, out, err } = await cli([...spec.path, '--nonsense']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain("unknown option '--nonsense'");
  });

  it.each(asking.filter(([, spec]) => !spec.argument || spec.argument.isOptional))(
    '%s answers about a folder that does not exist, and makes none',
    async (_, spec) => {
      const stateDir = `${makeFolder()}/none`;
      expect(await cliJson([...spec.path, '--state-dir', stateDir])).toHaveProperty('schema_version', '1.0.0');
      const { code, err } = await cli([...spec.path, '--state-dir', stateDir]);
      expect([code, err]).toEqual([0, '']);
      expect(existsSync(stateDir)).toBe(false);
    },
  );

  it.each(opening)('%s refuses wrong settings', async (_, spec) => {
    const stateDir = makeState([start(1)]);
    writeSettings(stateDir, { rotation: { max_bytes: -1 } });
    const more = spec.argument ? [eventId(1)] : spec.path[1] === 'set' ? ['--stage', 'x'] : [];
    const { code, out, err } = await cli([...spec.path, ...more, '--state-dir', stateDir]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      `spanbook: ${stateDir}/spanbook.json: rotation.max_bytes: expected a whole number of bytes, 1 or more, got -1\n`,
    );
  });
});

describe('wrong usage', () => {
  it.each([
    [[], 'Usage: spanbook'],
    [['pipeline'], 'Usage: spanbook pipeline'],
    [['nonsense'], "unknown command 'nonsense'"],
    [['pipeline', 'status', 'more'], 'too many arguments'],
    [['pipeline', 'show'], "missing required argument 'ID'"],
    [['pipeline', 'events', '--limit', '0'], 'Expected a whole number, 1 or more.'],
    [['pipeline', 'events', '--recent', 'x'], 'Expected a number above 0.'],
    [['pipeline', 'events', '--type', '\x1b[2J'], "'\\x1b[2J' is invalid. Expected one of command_start"],
    [['pipeline', 'active', '--follow', '--json'], '--follow: expected no --json beside it'],
    [['context', 'set'], 'expected --stage, --system-name or --checkpoint, got none of them'],
  ])('%j gives exit code 2', async (argv, message) => {
    const { code, out, err } = await cli(argv, { cwd: makeFolder() });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('\x1b');
  });
});
