/** What hooks leave in the transcripts of the client. */
import type { Project } from './project.ts';
import { type TranscriptRecord, transcriptLines } from './transcripts.ts';

/** A record that speaks of hooks. */
export interface HookTrace {
  subtype: string;
  commands?: unknown;
  errors?: unknown;
  output?: unknown;
  stopped?: unknown;
  context?: unknown;
  /** The whole record, if it is of another kind than the client's own count of hooks. */
  record?: TranscriptRecord;
}

/** What a client notes of a hook of ours that says nothing. */
export const SILENT: HookTrace = {
  subtype: 'stop_hook_summary',
  commands: [`node \${CLAUDE_PROJECT_DIR}/.claude/hooks/spanbook/claude-code.cjs`],
  errors: [],
  output: false,
  stopped: false,
  context: [],
};

const recordsOf = (project: Project): TranscriptRecord[] =>
  transcriptLines(project).map(line => JSON.parse(line) as TranscriptRecord);

export function hookTraces(project: Project): HookTrace[] {
  return recordsOf(project)
    .filter(record => isHookRecord(record) || JSON.stringify(record).includes('hooks/spanbook'))
    .map(record =>
      record.subtype === 'stop_hook_summary'
        ? {
            subtype: record.subtype,
            commands: (record.hookInfos as { command: string }[]).map(({ command }) => command),
            errors: record.hookErrors,
            output: record.hasOutput,
            stopped: record.preventedContinuation,
            // Older clients do not count it.
            context: record.hookAdditionalContext ?? [],
          }
        : { subtype: 'other', record },
    );
}

/** `hook_success`, `hook_error`, `hook_additional_context` and the like. */
const isHookRecord = ({ subtype, attachment }: TranscriptRecord): boolean =>
  subtype === 'stop_hook_summary' || (attachment?.type.startsWith('hook') ?? false);

/** Kinds of the records that make the conversation, but for the one with which the client counts hooks. */
export const recordShapes = (project: Project): string[] =>
  // A client that compacts writes records again that it had not written out yet.
  [...new Map(recordsOf(project).map(record => [record.uuid, record])).values()]
    .filter(({ type, subtype }) => CONVERSATION.includes(type) && subtype !== 'stop_hook_summary')
    .map(({ type, subtype, attachment }) => [type, subtype, attachment?.type].filter(Boolean).join(' '))
    .sort();

const CONVERSATION = ['user', 'assistant', 'attachment', 'system'];
