/** Everything that gives variables to the client, as far as it can be seen from here. */
import { object } from '../claude-code/payload.ts';
import type { VariableSource } from '../claude-code/telemetry-conflict.ts';
import { MANAGED_SETTINGS } from './doctor/managed-settings.ts';
import { readSettings, settingsSources } from './doctor/settings-sources.ts';

export interface SourcesOptions {
  /** Null: only what counts in all projects. */
  project: string | null;
  /** The person's folder of the client. */
  claudeDir: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  managedSettings?: string | undefined;
}

/** Files that cannot be read give none: others say so. */
export function variableSources({ project, claudeDir, env, managedSettings }: SourcesOptions): VariableSource[] {
  const managed = managedSettings ?? MANAGED_SETTINGS;
  const files = settingsSources(project ?? '/', claudeDir).filter(({ scope }) => project !== null || scope === 'user');
  return [
    { place: 'the environment', env },
    ...files.map(({ path, settings }) => ({ place: path, env: object(settings?.env) })),
    { place: managed, env: object(readSettings(managed).settings?.env), isManaged: true },
  ];
}
