/** What `writeTranscripts` takes. */
export interface TranscriptOptions {
  /** An empty or absent folder: `projects/` and `truth.json` are made in it. */
  out: string;
  /** Size of all transcripts together, MiB. Default 500. */
  mb?: number;
  /** Number of transcripts, those of agents among them. Default 400. */
  files?: number;
  /** How many of them are main transcripts. Default: three of ten. */
  sessions?: number;
  /** How many of the main transcripts are forks. Default: one of ten. */
  forks?: number;
  /** Default 1. */
  seed?: number;
}

export interface TokenCounts {
  input: number;
  output: number;
  cacheCreation: number;
  cacheCreation1h: number;
  cacheRead: number;
}

/** What is in the tree. All but files, bytes, lines and copies is counted once, however many copies of it there are. */
export interface TranscriptTruth {
  options: { mb: number; files: number; seed: number };
  /** Transcripts: main ones, of which some are forks, and those of agents. */
  files: number;
  mainFiles: number;
  forkFiles: number;
  subagentFiles: number;
  /** Main transcripts of an older client. */
  oldFiles: number;
  metaFiles: number;
  /** Of the transcripts alone. */
  bytes: number;
  lines: number;
  brokenLines: number;
  assistantLines: number;
  apiErrorLines: number;
  /** Lines of users with a key `usage` that is none of a request of that line. */
  usageKeyUserLines: number;
  unknownRecords: number;
  /** Responses, by `message.id` and `requestId`. */
  uniqueMessages: number;
  sameFileCopies: number;
  crossFileCopies: number;
  /** Turns that a human began: commands and plain prompts. */
  prompts: number;
  commands: number;
  /** Commands of the client itself, which begin no run. */
  localCommands: number;
  notifications: number;
  agents: number;
  backgroundAgents: number;
  nestedAgents: number;
  killedAgents: number;
  skills: number;
  toolCalls: number;
  failedTools: number;
  deniedTools: number;
  interruptedRuns: number;
  apiErrors: number;
  compactions: number;
  /** Of the best copy of each response. */
  tokens: TokenCounts;
  tokensByModel: Record<string, TokenCounts>;
  linesByType: Record<string, number>;
  /** Below `projects/`. */
  brokenFiles: string[];
}

export function writeTranscripts(options: TranscriptOptions): TranscriptTruth;
