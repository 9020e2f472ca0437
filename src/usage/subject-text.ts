/** Names from outside in sentences. */
import { limitText } from '../model/limit-text.ts';

const MAX_LENGTH = 120;

/** The name of a command, model or project, short enough for a sentence. */
export const subjectText = (name: string): string => limitText(name, MAX_LENGTH);
