/** The entries that run our hook, wherever they stand in the settings of the client. */
import { isOurHandler } from '../../claude-code/hook-entries.ts';
import { object } from '../../claude-code/payload.ts';
import { flagValue } from '../../hook/run-hook.ts';
import type { SettingsSource } from './settings-sources.ts';

export interface InstalledHook {
  source: SettingsSource;
  event: string;
  matcher: unknown;
  handler: Record<string, unknown>;
  /** Written by a person, who keeps it up to date: not an entry of `init`. */
  isByHand: boolean;
  /** The script that runs, as a whole path; undefined if the entry does not say it plainly. */
  script: string | undefined;
  /** State folder that the hook is told. */
  stateDir: string | undefined;
}

const PROGRAM = 'hooks/claude-code.cjs';

export const installedHooks = (sources: readonly SettingsSource[], project: string): InstalledHook[] =>
  sources.flatMap(source =>
    Object.entries(object(source.settings?.hooks)).flatMap(([event, groups]) =>
      listOf(groups).flatMap(group =>
        listOf(object(group).hooks).flatMap(handler => {
          const isOurs = isOurHandler(handler);
          if (!isOurs && !wordsOf(handler).some(word => word.includes(PROGRAM))) return [];
          const words = wordsOf(handler).map(word => word.replaceAll(`\${CLAUDE_PROJECT_DIR}`, project));
          return [
            {
              source,
              event,
              matcher: object(group).matcher,
              handler: object(handler),
              isByHand: !isOurs,
              script: words.find(word => word.endsWith('/claude-code.cjs') && !word.includes(' ')),
              stateDir: flagValue(words, '--state-dir'),
            },
          ];
        }),
      ),
    ),
  );

/** The settings files that have hooks of ours, each once. */
export const hookedSources = (hooks: readonly InstalledHook[]): SettingsSource[] => [
  ...new Set(hooks.map(({ source }) => source)),
];

function wordsOf(handler: unknown): string[] {
  const { command, args } = object(handler);
  return [command, ...listOf(args)]
    .filter((word): word is string => typeof word === 'string')
    .map(word => word.replaceAll('\\', '/'));
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
