/** `exec`: runs a program as an activity. Its streams and its exit code are passed on, and nothing here stops it. */
import { SpanbookError } from '../../errors.ts';
import type { ActivityLevel } from '../../model/fact.ts';
import { type CommandCall, textOption } from '../command-spec.ts';
import { beginProgramActivity, type ProgramActivity } from '../exec/program-activity.ts';
import { exitCodeOf, runProgram } from '../exec/run-program.ts';

export async function run(call: CommandCall): Promise<number> {
  const { context, stateDir, say } = call;
  const [program, ...args] = call.program ?? [];
  const name = textOption(call, 'name');
  if (call.json) throw new SpanbookError('USAGE', 'exec: expected no --json: the answer is what the program says');
  if (!name) throw new SpanbookError('USAGE', 'exec: expected --name NAME, got none');
  if (program === undefined) {
    throw new SpanbookError('USAGE', 'exec: expected -- and a program, as in spanbook exec --name tests -- npm test');
  }
  let activity = null as ProgramActivity | null;
  const outcome = await runProgram(program, args, {
    prepare() {
      if (context.env.SPANBOOK_DISABLED === '1') return context.env;
      activity = beginProgramActivity({
        stateDir,
        program,
        name,
        level: (textOption(call, 'level') ?? 'command') as ActivityLevel,
        stage: textOption(call, 'stage'),
        env: context.env,
        cwd: context.cwd,
        now: context.now,
        complain: message => say(`spanbook: exec: ${message}`),
      });
      return activity.env;
    },
    onStart: () => activity?.started(),
  });
  if (outcome.kind === 'unstarted') say(`spanbook: exec: expected a program, got ${program}: ${outcome.reason}`);
  activity?.ended(outcome);
  return exitCodeOf(outcome);
}
