/** Does the client keep transcripts of this project, and for how long? */
import { systemErrorCode } from '../../errors.ts';
import { bad, type Finding, ok, skipped } from './check.ts';
import type { Examination } from './examination.ts';
import { type ProjectTranscript, projectTranscripts } from './project-transcripts.ts';

/** The client's own is 30. */
const FEW_DAYS = 7;

export function checkTranscripts(examination: Examination): Finding {
  const { userClaude, sources, project } = examination;
  if (userClaude === undefined) return skipped('no HOME and no CLAUDE_CONFIG_DIR');
  let transcripts: ProjectTranscript[];
  try {
    transcripts = projectTranscripts(examination);
  } catch (error) {
    const detail = `${userClaude}/projects cannot be read (${systemErrorCode(error)})`;
    return bad('warning', detail, `chmod -R u+rX ${userClaude}/projects`);
  }
  const short = sources.find(({ settings }) => Number(settings?.cleanupPeriodDays ?? FEW_DAYS) < FEW_DAYS);
  if (short) {
    const days = Number(short.settings?.cleanupPeriodDays);
    const detail = `"cleanupPeriodDays": ${days} in ${short.path}: what is older is gone before it can be read`;
    return bad('warning', detail, `Edit ${short.path}: "cleanupPeriodDays": 30`);
  }
  if (transcripts.length === 0) {
    const detail = `none of this project in ${userClaude}/projects`;
    return bad('warning', detail, `Send a prompt to Claude Code in ${project}, or set CLAUDE_CONFIG_DIR as it has it`);
  }
  return ok(`${transcripts.length} of this project in ${userClaude}/projects`);
}
