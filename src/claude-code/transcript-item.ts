/** What a transcript tells of commands, agents and skills, one thing at a time and in the order of the file. */

interface ItemBase {
  /** Milliseconds since 1970. */
  at: number;
}

/** A prompt: of a person, of the client itself (`system`), or a command that the client answers alone (`local`). */
export interface PromptItem extends ItemBase {
  kind: 'prompt';
  uuid: string;
  /** The client's id of the prompt; clients before 2.1.196 did not write it. */
  prompt?: string;
  origin: 'human' | 'system' | 'local';
  /** Name of the custom command, without its slash. */
  command?: string;
  /** First word of a prompt that was typed with a slash and not expanded: a name, if the client answered it itself. */
  slash?: string;
  about?: string[];
  outcomes?: string[];
  cwd?: string;
  branch?: string;
  /** Session in which it was given, if this file is a fork that repeats it. */
  repeatedFrom?: string;
}

/** A call of the tool that spawns agents. */
export interface CallItem extends ItemBase {
  kind: 'call';
  tool_use: string;
  name: string;
  label?: string;
}

export interface SkillItem extends ItemBase {
  kind: 'skill';
  tool_use: string;
  name: string;
}

/** A tool came back. */
export interface ResultItem extends ItemBase {
  kind: 'result';
  tool_use: string;
  tool: string;
  /** The agent that the call made, and how it came back. */
  child?: string;
  status?: string;
  /** `failed` as hooks tell it; `denied` by the client's own judgement; `refused`: the tool never ran and no hook tells. */
  failure?: 'failed' | 'denied' | 'refused';
  message?: string;
}

/** The model had its last word before the next prompt, or before the end of the file. */
export interface AnswerItem extends ItemBase {
  kind: 'answer';
  /** False if it called a tool, or was cut off. Undefined if the client wrote no reason. */
  final?: boolean;
  /** Session whose request it was, if this file is a fork that repeats it. */
  repeatedFrom?: string;
}

export interface ErrorItem extends ItemBase {
  kind: 'api_error';
  error: string;
  message: string;
}

/** `interrupt`: the person broke it off. `stopped`: the client says that the turn is over. `local`: it answered itself. */
export interface MarkItem extends ItemBase {
  kind: 'interrupt' | 'stopped' | 'local';
}

export type TranscriptItem = PromptItem | CallItem | SkillItem | ResultItem | AnswerItem | ErrorItem | MarkItem;

/** One file, read. */
export interface Transcript {
  items: TranscriptItem[];
  /** First and last time in the file, milliseconds since 1970; null in a file without times. */
  firstAt: number | null;
  lastAt: number | null;
  title?: string;
  /** Lines that were no JSON, and records of kinds that this version does not know, by kind. */
  damaged: number;
  unknown: Record<string, number>;
}
