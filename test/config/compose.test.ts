/** The set-up of Jaeger: the compose file by the official schema, what it lets in, and the files that it mounts. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DCLinter } from 'dclint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../helpers/run-program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

interface Service {
  image: string;
  user?: string;
  entrypoint?: string[];
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  profiles?: string[];
  healthcheck?: { test: string[] };
}

interface Pipeline {
  receivers: string[];
  processors?: string[];
  exporters: string[];
}
type Components = Record<string, object | null>;
interface CollectorConfig {
  service: { extensions: string[]; pipelines: Record<string, Pipeline> };
  extensions: Components;
  receivers: Components;
  processors?: Components;
  exporters: Components;
}

const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const text = read('docker-compose.yml');
const compose = parse(text) as { services: Record<string, Service>; volumes: Components };
const services = Object.entries(compose.services);

/** What the linter says of a compose file: its first check is the schema of the Compose specification. */
function lint(content: string): string[] {
  const path = `${tempDir()}/docker-compose.yml`;
  writeFileSync(path, content);
  const linter = new DCLinter({
    // An order by the alphabet is no order to read in.
    rules: {
      'service-keys-order': 0,
      'services-alphabetical-order': 0,
      'service-ports-alphabetical-order': 0,
      'service-dependencies-alphabetical-order': 0,
      'top-level-properties-order': 0,
      'require-quotes-in-ports': [2, { quoteType: 'double' }],
    },
    quiet: false,
    debug: false,
    exclude: [],
  });
  const results: { messages: { rule: string; line: number; message: string }[] }[] = linter.lintFiles([path], false);
  return results.flatMap(({ messages }) => messages.map(said => `${said.rule}, line ${said.line}: ${said.message}`));
}

describe('docker-compose.yml', () => {
  it('is one that the Compose specification takes', () => {
    expect(lint(text)).toEqual([]);
  });

  it.each([
    ['an unknown key', '    restart: unless-stopped', '    restarts: unless-stopped', 'invalid-schema'],
    ['a wrong type', 'retries: 6', 'retries: [6]', 'invalid-schema'],
    ['an unknown condition', 'service_completed_successfully', 'service_done', 'invalid-schema'],
    ['a port on every address', '"127.0.0.1:4318:4318"', '"4318:4318"', 'no-unbound-port-interfaces'],
    ['a port twice', '127.0.0.1:4317:4317', '127.0.0.1:4318:4317', 'no-duplicate-exported-ports'],
    ['an image without a version', 'jaeger:2.20.0', 'jaeger:latest', 'service-image-require-explicit-tag'],
  ])('would not pass with %s', (_, from, to, rule) => {
    expect(text).toContain(from);
    expect(lint(text.replace(from, to)).join('\n')).toContain(rule);
  });

  it('publishes on loopback alone, and no port twice', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.length).toBeGreaterThan(3);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const host = published.map(port => port.split(':')[1]);
    expect(new Set(host).size).toBe(host.length);
  });

  it('mounts files that exist and volumes that it declares', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
    const files = mounts.filter(mount => mount.startsWith('./')).map(mount => mount.split(':')[0] ?? '');
    expect(files.sort()).toEqual([
      './config/jaeger/collector.yaml',
      './config/jaeger/jaeger.yaml',
      './config/jaeger/ui.json',
    ]);
    for (const file of files) expect(existsSync(`${ROOT}${file}`), file).toBe(true);
    const volumes = mounts.filter(mount => !mount.startsWith('./')).map(mount => mount.split(':')[0]);
    expect([...new Set(volumes)].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('reads each configuration from where it is mounted', () => {
    for (const name of ['jaeger', 'collector']) {
      const { command = [], volumes = [] } = compose.services[name] ?? {};
      const mounted = volumes.map(mount => mount.split(':')[1] ?? '');
      expect(command).toHaveLength(1);
      expect(mounted).toContain(command[0]?.replace('--config=', ''));
    }
    expect(compose.services.jaeger?.volumes).toContain(`./config/jaeger/ui.json:${defaultOf('JAEGER_UI_CONFIG')}:ro`);
  });

  it('keeps data on a volume that its user may write to', () => {
    for (const [name, folder] of [
      ['jaeger', defaultOf('JAEGER_DATA')],
      ['collector', defaultOf('COLLECTOR_QUEUE')],
    ] as const) {
      const { volumes = [], depends_on = {} } = compose.services[name] ?? {};
      const volume = volumes.find(mount => !mount.startsWith('./')) ?? '';
      const place = volume.split(':')[1] ?? '';
      expect(place).not.toBe('');
      expect(folder.startsWith(`${place}/`)).toBe(true);
      // Its owner is set by a service that ends before the other begins.
      const [[owner, { condition }] = ['', { condition: '' }]] = Object.entries(depends_on);
      expect(condition).toBe('service_completed_successfully');
      expect(compose.services[owner]).toMatchObject({ user: '0', volumes: [volume] });
      expect(compose.services[owner]?.command?.join()).toMatch(/chown -R 10001:10001 \/\S+/);
      expect(compose.services[owner]?.profiles).toEqual(compose.services[name]?.profiles);
    }
  });

  it('listens in the container on the ports that it publishes, and is asked for its health there', () => {
    const { ports = [], environment, healthcheck } = compose.services.jaeger ?? {};
    expect(environment).toEqual({ JAEGER_LISTEN_HOST: '0.0.0.0' });
    const inside = ports.map(port => port.split(':')[2]);
    expect(inside).toEqual(['JAEGER_QUERY_PORT', 'JAEGER_OTLP_HTTP_PORT', 'JAEGER_OTLP_GRPC_PORT'].map(defaultOf));
    expect(healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${defaultOf('JAEGER_HEALTH_PORT')}/status`);
    const collector = compose.services.collector;
    expect(collector?.environment).toEqual({ COLLECTOR_LISTEN_HOST: '0.0.0.0' });
    expect(collector?.ports?.map(port => port.split(':')[2])).toEqual([defaultOf('COLLECTOR_OTLP_HTTP_PORT')]);
    expect(defaultOf('JAEGER_OTLP_URL')).toBe(`http://jaeger:${defaultOf('JAEGER_OTLP_HTTP_PORT')}`);
  });
});

/** What a variable is in the configurations where nobody sets it; wherever it stands, the same. */
function defaultOf(name: string): string {
  const both = read('config/jaeger/jaeger.yaml') + read('config/jaeger/collector.yaml');
  const found = new Set(
    [...both.matchAll(/\$\{env:(\w+):-([^}]*)\}/g)].filter(([, key]) => key === name).map(m => m[2]),
  );
  expect([...found], name).toHaveLength(1);
  return [...found][0] ?? '';
}

describe.each(['jaeger', 'collector'])('config/jaeger/%s.yaml', name => {
  const config = parse(read(`config/jaeger/${name}.yaml`)) as CollectorConfig;

  it('declares each component that it uses, and uses each that it declares', () => {
    const { extensions, pipelines } = config.service;
    const used = (kind: 'receivers' | 'processors' | 'exporters'): string[] =>
      [...new Set(Object.values(pipelines).flatMap(pipeline => pipeline[kind] ?? []))].sort();
    expect(extensions.toSorted()).toEqual(Object.keys(config.extensions).sort());
    for (const kind of ['receivers', 'processors', 'exporters'] as const) {
      expect(used(kind)).toEqual(Object.keys(config[kind] ?? {}).sort());
    }
  });

  it('listens on loopback where nobody says otherwise', () => {
    const endpoints = [...read(`config/jaeger/${name}.yaml`).matchAll(/^\s+endpoint: (\S+)$/gm)].map(m => m[1] ?? '');
    expect(endpoints.length).toBeGreaterThan(0);
    const own = endpoints.filter(endpoint => !endpoint.includes('://'));
    for (const endpoint of own) expect(endpoint).toMatch(/^\$\{env:[A-Z]+_LISTEN_HOST:-127\.0\.0\.1\}:/);
  });
});

it('nothing waits in the memory of Jaeger, and the queue of the Collector is on disk and for ever', () => {
  const jaeger = parse(read('config/jaeger/jaeger.yaml'));
  expect(jaeger.service.pipelines.traces.processors).toBeUndefined();
  expect(jaeger.exporters.jaeger_storage_exporter).toEqual({ trace_storage: 'badger' });
  expect(jaeger.extensions.jaeger_storage.backends.badger.badger.ephemeral).toBe(false);
  const { otlp_http } = parse(read('config/jaeger/collector.yaml')).exporters;
  expect(otlp_http.sending_queue.storage).toBe('file_storage');
  expect(otlp_http.retry_on_failure.max_elapsed_time).toBe(0);
});

it('the user interface puts forward what the spans carry', () => {
  const ui = JSON.parse(read('config/jaeger/ui.json'));
  expect(ui.topTagPrefixes).toEqual(['spanbook.summary', 'spanbook.', 'gen_ai.usage.', 'gen_ai.']);
  expect(ui.search).toMatchObject({ defaultLookback: '24h', maxLookback: { value: '4w' } });
  for (const { type, key, url } of ui.linkPatterns) {
    expect(type).toBe('tags');
    expect(url).toContain(`#{${key}}`);
  }
});
