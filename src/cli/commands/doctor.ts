/** `doctor`: looks for what keeps anything from being recorded. Changes nothing. */

import { type CommandAnswer, type CommandCall, textOption } from '../command-spec.ts';
import { examine } from '../doctor/examination.ts';
import { CHECKS, runChecks } from '../doctor/run-checks.ts';
import { selfTest } from '../doctor/self-test.ts';
import { renderChecks } from '../render-checks.ts';

export async function run(call: CommandCall): Promise<CommandAnswer> {
  const { context, options, style } = call;
  const examination = examine({
    env: context.env,
    cwd: context.cwd,
    now: context.now(),
    builtHooks: context.hooksDir,
    project: textOption(call, 'project'),
    stateDir: textOption(call, 'stateDir'),
  });
  const checks = await runChecks(
    examination,
    options.selfTest === true ? { ...CHECKS, 'self-test': selfTest } : CHECKS,
  );
  return {
    json: { project: examination.project, state_dir: examination.recorded.path, checks },
    text: () => renderChecks(style, checks, { project: examination.project, home: context.env.HOME }).join('\n'),
    failed: checks.some(({ status }) => status === 'failed'),
  };
}
