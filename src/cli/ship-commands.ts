/** The command that sends traces. */
import type { CommandSpec } from './command-spec.ts';
import { parseSince } from './option-parsers.ts';

export const SHIP_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['ship'],
    summary: 'send what is unsent to Jaeger, or any other receiver of OTLP/HTTP, and say what was sent',
    options: [
      {
        flags: '--endpoint <URL>',
        description:
          'base URL (default: otlp.endpoint of the settings, else OTEL_EXPORTER_OTLP_ENDPOINT, else http://127.0.0.1:4318)',
      },
      {
        flags: '--from <T>',
        description: 'once more what began at this time or later (30d, 2026-10-31), as for a Jaeger that is empty',
        parse: parseSince,
      },
      { flags: '--verify', description: 'ask Jaeger for everything that was sent, and say what is missing there' },
      { flags: '--query <URL>', description: 'where --verify asks (default: port 16686 of the endpoint)' },
      { flags: '--claude-dir <DIR>', description: 'folder of the client (default: CLAUDE_CONFIG_DIR, else ~/.claude)' },
    ],
    example: 'spanbook ship --endpoint http://127.0.0.1:4318 --verify',
    load: () => import('./commands/ship.ts'),
  },
];
