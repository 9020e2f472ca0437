/** `context show`: the current context. */
import { readDocumentHead } from '../../store/read-document.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { renderContext } from '../render-context.ts';

export function run({ stateDir, say, style }: CommandCall): CommandAnswer {
  const { current_context } = readDocumentHead(stateDir, say);
  return { json: { current_context }, text: () => renderContext(style, current_context).join('\n') };
}
