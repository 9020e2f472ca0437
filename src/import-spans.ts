/** Transcripts of past sessions → facts in the journal, where hooks did not tell them. */
import { findTranscripts, readAgentMeta, type SessionFiles } from './claude-code/find-transcripts.ts';
import { readTranscript } from './claude-code/read-transcript.ts';
import { type SessionTranscripts, sessionFacts } from './claude-code/session-facts.ts';
import type { Transcript } from './claude-code/transcript-item.ts';
import { SpanbookError, systemErrorCode } from './errors.ts';
import { JournalWriter } from './journal/journal-writer.ts';
import type { Fact } from './model/fact.ts';
import { stageOf } from './model/stage-rules.ts';
import { readImportedFiles, readImportedPrompts, writeImportIndex } from './store/import-index.ts';
import { KnownFacts } from './store/known-facts.ts';
import { makeStateDir } from './store/make-state-dir.ts';
import { readState, type Say } from './store/read-document.ts';
import { readWriterSettings } from './store/read-settings.ts';

/** A session whose transcripts nobody wrote to for so long is taken for dead. */
const IDLE_MILLIS = 24 * 3600 * 1000;

export interface ImportOptions {
  stateDir: string;
  /** The client's folder, which holds `projects`. */
  claudeDir: string;
  /** Milliseconds since 1970: runs that began before are left out. */
  since?: number | undefined;
  now: number;
  say: Say;
}

export interface ImportResult {
  files_found: number;
  files_read: number;
  files_unreadable: number;
  bytes_read: number;
  sessions_read: number;
  facts_added: number;
  added: { commands: number; agents: number; skills: number; errors: number; warnings: number };
  /** Lines that gave nothing: damaged ones, and records of kinds that this version does not know. */
  skipped: { damaged: number; unknown: Record<string, number> };
}

/**
 * Reads the transcripts that changed since the last import.
 *
 * @throws SpanbookError `NOT_FOUND` if the folder is none of Claude Code.
 */
export function importSpans(options: ImportOptions): ImportResult {
  const found = findTranscripts(options.claudeDir);
  if (!found) {
    throw new SpanbookError(
      'NOT_FOUND',
      `${options.claudeDir}: expected a folder of Claude Code with "projects" in it, got none; name it with --claude-dir`,
    );
  }
  const files = readImportedFiles(options.stateDir);
  const changed = found.filter(session => filesOf(session).some(file => isChanged(files.get(file.path), file)));
  const result: ImportResult = {
    files_found: found.reduce((sum, session) => sum + filesOf(session).length, 0),
    files_read: 0,
    files_unreadable: 0,
    bytes_read: 0,
    sessions_read: changed.length,
    facts_added: 0,
    added: { commands: 0, agents: 0, skills: 0, errors: 0, warnings: 0 },
    skipped: { damaged: 0, unknown: Object.create(null) as Record<string, number> },
  };
  if (changed.length > 0) new SpanImport(options, result).read(changed, files);
  return result;
}

const filesOf = ({ main, agents }: SessionFiles) => (main ? [main, ...agents] : agents);
const isChanged = (known: readonly [number, number] | undefined, file: { size: number; mtimeMs: number }): boolean =>
  known === undefined || known[0] !== file.size || known[1] !== file.mtimeMs;

class SpanImport {
  readonly #options: ImportOptions;
  readonly #result: ImportResult;
  readonly #labels: boolean;
  readonly #stageOf: (name: string) => string | undefined;
  readonly #writer: JournalWriter;
  readonly #unread = new Set<string>();

  constructor(options: ImportOptions, result: ImportResult) {
    const settings = readWriterSettings(options.stateDir);
    this.#options = options;
    this.#result = result;
    this.#labels = settings.labels;
    this.#stageOf = name => stageOf(settings.stages, name);
    makeStateDir(options.stateDir);
    this.#writer = new JournalWriter(options.stateDir, settings);
  }

  read(sessions: readonly SessionFiles[], files: Map<string, readonly [number, number]>): void {
    const { stateDir, since, say } = this.#options;
    const prompts = readImportedPrompts(stateDir);
    const known = new KnownFacts(stateDir, readState(stateDir, say), prompts);
    const lost: Fact[] = [];
    const read = sessions.map(session => this.#readMain(session)).sort(byBirth);
    for (const { files: session, main } of read) {
      known.own = session.main?.path ?? '';
      const transcripts = this.#readAgents(session, main);
      const told = sessionFacts(transcripts, known, this.#stageOf);
      for (const fact of told.facts) this.#write(fact);
      const lastWrite = filesOf(session).reduce((last, file) => Math.max(last, file.mtimeMs), 0);
      // Nobody will tell how these ended. What is still being written may.
      if (lastWrite <= this.#options.now - IDLE_MILLIS) for (const fact of told.open) lost.push(fact);
      for (const uuid of told.prompts) if (!prompts.has(uuid)) prompts.set(uuid, known.own);
      if (since !== undefined) continue;
      for (const file of filesOf(session)) {
        if (!this.#unread.has(file.path)) files.set(file.path, [file.size, file.mtimeMs]);
      }
    }
    // Last, because an agent may have gone on in another session and ended there.
    for (const fact of lost) this.#write(fact);
    this.#writer.rollOver();
    this.#writer.close();
    if (since === undefined) writeImportIndex(stateDir, files, prompts);
  }

  #readMain(files: SessionFiles): { files: SessionFiles; main: Transcript } {
    return { files, main: files.main ? this.#readFile(files.main, false) : EMPTY };
  }

  #readAgents(files: SessionFiles, main: Transcript): SessionTranscripts {
    const agents = files.agents.map(file => ({
      ...readAgentMeta(file.path),
      id: file.id,
      isWorkflow: file.isWorkflow,
      transcript: this.#readFile(file, true),
    }));
    return { session: files.session, path: files.main?.path ?? '', main, agents };
  }

  #readFile(file: { path: string; size: number }, isAgent: boolean): Transcript {
    const whole = this.#readOrPass(file.path, isAgent);
    if (!whole) return EMPTY;
    const transcript = this.#options.since === undefined ? whole : promptedSince(whole, this.#options.since);
    const { skipped } = this.#result;
    this.#result.files_read++;
    this.#result.bytes_read += file.size;
    skipped.damaged += transcript.damaged;
    for (const [type, count] of Object.entries(transcript.unknown)) {
      skipped.unknown[type] = (skipped.unknown[type] ?? 0) + count;
    }
    return transcript;
  }

  /** A file that vanished since it was found, or that is not ours to read, costs what it holds and no more. */
  #readOrPass(path: string, isAgent: boolean): Transcript | null {
    try {
      return readTranscript(path, { labels: this.#labels, isAgent });
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      this.#unread.add(path);
      this.#result.files_unreadable++;
      this.#options.say(`${path}: expected a transcript to read, got ${code}; passed by`);
      return null;
    }
  }

  #write(fact: Fact): void {
    // A clock that is a day ahead is wrong, and what it dates would be the latest for ever.
    if (fact.at > this.#options.now + IDLE_MILLIS) {
      this.#result.skipped.damaged++;
      return;
    }

    this.#writer.append(fact);
    this.#writer.takeAppended();
    const { added } = this.#result;
    this.#result.facts_added++;
    if (fact.kind === 'prompt' && !fact.system) added.commands++;
    else if (fact.kind === 'agent_start') added.agents++;
    else if (fact.kind === 'skill_call') added.skills++;
    else if (fact.kind === 'stop_failure') added.errors++;
    else if (fact.kind === 'tool_failure' || fact.kind === 'tool_denied') added.warnings++;
  }
}

/** Without what belongs to prompts before a time. */
function promptedSince(transcript: Transcript, since: number): Transcript {
  const first = transcript.items.findIndex(item => item.kind === 'prompt' && item.at >= since);
  return { ...transcript, items: first < 0 ? [] : transcript.items.slice(first) };
}

const EMPTY: Transcript = { items: [], firstAt: null, lastAt: null, damaged: 0, unknown: {} };

/** Forks repeat the beginning of another transcript, which must be read before them. */
function byBirth(a: { files: SessionFiles; main: Transcript }, b: { files: SessionFiles; main: Transcript }): number {
  const first = (a.main.firstAt ?? Number.POSITIVE_INFINITY) - (b.main.firstAt ?? Number.POSITIVE_INFINITY);
  return first || repeats(a.main) - repeats(b.main) || (a.files.main?.mtimeMs ?? 0) - (b.files.main?.mtimeMs ?? 0);
}

const repeats = ({ items }: Transcript): number =>
  items.filter(item => 'repeatedFrom' in item && item.repeatedFrom !== undefined).length;
