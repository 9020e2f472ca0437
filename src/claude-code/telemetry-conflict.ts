/** Would our variables take the client's telemetry away from somebody, or send any of it somewhere? Pure. */
import { telemetryPort, telemetryVariables } from './telemetry-variables.ts';

/** Variables that the client is given, weakest first. */
export interface VariableSource {
  /** Shown to people: a path, or `the environment`. */
  place: string;
  env: Readonly<Record<string, unknown>>;
  /** Set by whoever manages the machine. The client then drops what others say of the same. */
  isManaged?: boolean;
}

const BETA = ['CLAUDE_CODE_ENHANCED_TELEMETRY_BETA', 'ENABLE_ENHANCED_TELEMETRY_BETA'];

/** What stands in the way, for people; null if nothing does. `port`: that our variables would name. */
export function telemetryConflict(sources: readonly VariableSource[], port: number): string | null {
  // Our own, for whatever port, are about to be put right.
  const others = sources.filter(({ env }) => telemetryPort(env) === null);
  for (const source of others) {
    const name = conflictIn(source, telemetryVariables(port));
    if (name !== null) return `${name} is ${shown(source.env[name])} in ${source.place}`;
  }
  return sleeping(others);
}

function conflictIn({ env, isManaged }: VariableSource, wanted: Readonly<Record<string, string>>): string | null {
  const managed = isManaged === true ? Object.keys(env).find(key => key.startsWith('OTEL_EXPORTER_OTLP_')) : undefined;
  if (managed !== undefined) return managed;
  const { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoint } = wanted;
  const isOurEndpoint = env.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT === endpoint;
  for (const [name, value] of Object.entries(wanted)) {
    const there = textOf(env[name]);
    if (there === '' || there === value) {
      // Its logs go to an endpoint that is not ours.
      if (name === 'OTEL_LOGS_EXPORTER' && there !== '' && !isOurEndpoint) return name;
      continue;
    }
    const isEnough =
      (name === 'CLAUDE_CODE_ENABLE_TELEMETRY' && there === 'true') ||
      (name === 'OTEL_LOGS_EXPORTER' && isOurEndpoint && there.split(',').includes(value));
    if (!isEnough) return name;
  }
  return null;
}

/** Telemetry that is set up and switched off, and would begin to be sent. */
function sleeping(sources: readonly VariableSource[]): string | null {
  const isSet = (name: string): boolean => sources.some(({ env }) => !['', '0', 'false'].includes(textOf(env[name])));
  if (isSet('CLAUDE_CODE_ENABLE_TELEMETRY')) return null;
  const names = ['OTEL_METRICS_EXPORTER', ...(BETA.some(isSet) ? ['OTEL_TRACES_EXPORTER'] : [])];
  for (const { env, place } of sources) {
    const name = names.find(key => !['', 'none'].includes(textOf(env[key])));
    if (name !== undefined) return `${name} is ${shown(env[name])} in ${place}, and would begin to be sent`;
  }
  return null;
}

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value).trim());

/** An address may hold a key. */
function shown(value: unknown): string {
  const text = textOf(value);
  return text.includes('://') ? 'another address' : JSON.stringify(text.slice(0, 40));
}
