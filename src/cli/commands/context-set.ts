/** `context set`: the context that later activities stand in. */
import { SpanbookError } from '../../errors.ts';
import { appendFact } from '../../journal/append-fact.ts';
import { type ContextFact, FACT_VERSION } from '../../model/fact.ts';
import { limitText, MAX_NAME } from '../../model/limit-text.ts';
import { makeStateDir } from '../../store/make-state-dir.ts';
import { readDocumentHead } from '../../store/read-document.ts';
import { readWriterSettings } from '../../store/read-settings.ts';
import { type CommandAnswer, type CommandCall, textOption } from '../command-spec.ts';
import { renderContext } from '../render-context.ts';

export function run(call: CommandCall): CommandAnswer {
  const { stateDir, say, style } = call;
  const stage = given(call, 'stage');
  const system = given(call, 'systemName');
  const checkpoint = given(call, 'checkpoint');
  if (stage === undefined && system === undefined && checkpoint === undefined) {
    throw new SpanbookError('USAGE', 'context set: expected --stage, --system-name or --checkpoint, got none of them');
  }
  const fact: ContextFact = {
    v: FACT_VERSION,
    at: call.context.now(),
    source: 'hook',
    kind: 'context',
    stage,
    system,
    checkpoint: typeof checkpoint === 'string' && /^-?\d{1,15}$/.test(checkpoint) ? Number(checkpoint) : checkpoint,
  };
  makeStateDir(stateDir);
  appendFact(stateDir, fact, readWriterSettings(stateDir));
  const { current_context } = readDocumentHead(stateDir, say);
  for (const [name, wanted, shown] of [
    ['stage', stage, current_context.stage],
    ['system name', system, current_context.system_name],
  ]) {
    // A command that gave its own goes before what is set here, until the next command.
    if (wanted !== undefined && wanted !== shown) say(`The ${name} of the last command is still shown: ${shown}`);
  }
  return { json: { current_context }, text: () => renderContext(style, current_context).join('\n') };
}

/** Undefined: not given. Null: to be cleared. */
function given(call: CommandCall, name: string): string | null | undefined {
  const text = textOption(call, name);
  return text === '' ? null : text && limitText(text, MAX_NAME);
}
