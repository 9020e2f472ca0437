/** `pipeline stats`: counts over everything that was recorded. */
import { readDocumentHead } from '../../store/read-document.ts';
import type { CommandAnswer, CommandCall } from '../command-spec.ts';
import { renderPairs } from '../render-row.ts';

export function run({ stateDir, say, style }: CommandCall): CommandAnswer {
  const { statistics } = readDocumentHead(stateDir, say);
  return {
    json: { statistics },
    text: () =>
      renderPairs(style, [
        ['Events', String(statistics.total_events)],
        ['Commands', String(statistics.total_commands)],
        ['Agents', String(statistics.total_agents_spawned)],
        ['Skills', String(statistics.total_skills_invoked)],
        ['Errors', String(statistics.total_errors)],
        ['Warnings', String(statistics.total_warnings)],
      ]).join('\n'),
  };
}
