/** What `init --otlp` and `uninstall` do about the telemetry of the client: planned here, carried out with the hooks. */
import { resolve } from 'node:path';
import { type FileChange, type FilePlan, missingFolders } from '../claude-code/file-plan.ts';
import { hooksDirOf, type InstallPlace, settingsNameOf, userClaudeDir } from '../claude-code/install-place.ts';
import { type InstallRecord, type ReceiverOwner, readRecord } from '../claude-code/install-record.ts';
import { object } from '../claude-code/payload.ts';
import { receiverPortIn, withoutReceiverPort, withReceiverPort } from '../claude-code/receiver-setting.ts';
import { telemetryConflict } from '../claude-code/telemetry-conflict.ts';
import { telemetryPort, telemetryVariables } from '../claude-code/telemetry-variables.ts';
import { planWithoutVariables, type Uninstall } from '../claude-code/uninstall.ts';
import { SpanbookError } from '../errors.ts';
import { settingsPath } from '../store/read-settings.ts';
import type { CommandCall } from './command-spec.ts';
import { readSettings } from './doctor/settings-sources.ts';
import { freePort } from './free-port.ts';
import type { InstallCall } from './install-call.ts';
import { variableSources } from './variable-sources.ts';

const DEFAULT_PORT = 4319;

export interface TelemetryInstall {
  /** Where the variables go: the client takes such from a person's own settings alone. */
  place: InstallPlace;
  port: number;
  variables: Readonly<Record<string, string>>;
  receiver: ReceiverOwner;
  /** `receiver.port` of this state folder, and out of the one that received before. */
  plan: FilePlan;
  movedFrom: string | undefined;
}

/**
 * What has the client send its telemetry to the monitor of this state folder.
 *
 * @throws SpanbookError if somebody else has it, or `spanbook.json` cannot be edited.
 */
export async function planTelemetry(call: CommandCall, { place, ...called }: InstallCall): Promise<TelemetryInstall> {
  const { env, cwd } = call.context;
  const claudeDir = userClaudeDir(env, cwd);
  if (claudeDir === undefined) {
    throw new SpanbookError('USAGE', '--otlp: expected HOME or CLAUDE_CONFIG_DIR in the environment, got neither');
  }
  const stateDir = resolve(cwd, called.stateDir);
  const path = settingsPath(stateDir);
  const users = usersOwn(claudeDir);
  const owner = users.record?.receiver ?? null;
  const isOwn = owner?.state_dir === stateDir;
  const port = receiverPortIn(path) ?? (isOwn ? users.port : null) ?? (await freePort(DEFAULT_PORT));
  const conflict = telemetryConflict(variableSources({ project: place.project, claudeDir, env }), port);
  if (conflict !== null) throw refusal(conflict, port, path);
  const moves = owner !== null && !isOwn;
  return {
    place: users.place,
    port,
    variables: telemetryVariables(port),
    receiver: { state_dir: stateDir, claude_dir: place.claudeDir },
    plan: {
      folders: missingFolders(stateDir),
      changes: [...withReceiverPort(path, port), ...(moves ? withoutPortOf(owner, users.port) : [])],
      emptied: [],
    },
    movedFrom: moves ? owner.state_dir : undefined,
  };
}

export interface TelemetryUninstall {
  /** Of the variables; null: they go with the hooks, or are not of this place. */
  variables: Uninstall | null;
  setting: FilePlan;
  /** State folder that received; null: none of this place. */
  stateDir: string | null;
}

/** What takes back what `init --otlp` did in this place; in the place for all projects, whoever asked for it. */
export function planTelemetryRemoval(call: CommandCall, { place, stateDir }: InstallCall): TelemetryUninstall {
  const claudeDir = userClaudeDir(call.context.env, call.context.cwd);
  const none = { variables: null, setting: { folders: [], changes: [], emptied: [] }, stateDir: null };
  if (claudeDir === undefined) return none;
  const { record, port, place: users } = usersOwn(claudeDir);
  const owner = record?.receiver ?? (place.project === null ? { state_dir: stateDir, claude_dir: claudeDir } : null);
  if (owner === null || (place.project !== null && owner.claude_dir !== place.claudeDir)) return none;
  return {
    variables: place.project === null || record === null ? null : planWithoutVariables(users, record),
    setting: { folders: [], changes: withoutPortOf(owner, port), emptied: [] },
    stateDir: owner.state_dir,
  };
}

interface UsersOwn {
  place: InstallPlace;
  record: InstallRecord | null;
  /** That our variables name. */
  port: number | null;
}

function usersOwn(claudeDir: string): UsersOwn {
  const place: InstallPlace = { claudeDir, project: null, isLocal: false };
  const { settings } = readSettings(`${claudeDir}/${settingsNameOf(place)}`);
  return { place, record: readRecord(hooksDirOf(place)), port: telemetryPort(object(settings?.env)) };
}

/** Whatever is wrong in that folder, it is no reason to leave the rest undone. */
function withoutPortOf({ state_dir }: ReceiverOwner, port: number | null): FileChange[] {
  try {
    return port === null ? [] : withoutReceiverPort(settingsPath(state_dir), port);
  } catch (error) {
    if (error instanceof SpanbookError) return [];
    throw error;
  }
}

function refusal(conflict: string, port: number, path: string): SpanbookError {
  return new SpanbookError(
    'BAD_SETTINGS',
    `--otlp: expected nobody else to have the telemetry of Claude Code, but ${conflict}. Nothing was changed. Take it ` +
      `out and run this again; or set "receiver": {"port": ${port}} in ${path}, and have what receives the logs now ` +
      `pass them on to http://127.0.0.1:${port}/v1/logs, as docs/claude-code.md says`,
  );
}
