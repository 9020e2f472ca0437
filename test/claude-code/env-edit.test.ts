/** Variables into the text of settings and out again. */
import { describe, expect, it } from 'vitest';
import { hasVariables, type MadeVariables, withoutVariables, withVariables } from '../../src/claude-code/env-edit.ts';
import { telemetryPort, telemetryVariables } from '../../src/claude-code/telemetry-variables.ts';

const path = '/p/settings.json';
const OURS = telemetryVariables(4319);
const NAMES = Object.keys(OURS);
const put = (text: string, port = 4319): string => withVariables({ path, text }, telemetryVariables(port)).text;
const made = (text: string): MadeVariables => withVariables({ path, text }, OURS).made;
const take = (text: string, of: MadeVariables | null = null): string => withoutVariables({ path, text }, of);
const all: MadeVariables = { env: true, names: NAMES };
const compact = JSON.stringify(OURS);

describe('telemetryVariables', () => {
  it('are what makes the client send its logs to the receiver, and nothing else', () => {
    expect(OURS).toEqual({
      CLAUDE_CODE_ENABLE_TELEMETRY: '1',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:4319/v1/logs',
    });
  });

  it.each([
    [OURS, 4319],
    [telemetryVariables(65_535), 65_535],
    [{ ...OURS, CLAUDE_CODE_ENABLE_TELEMETRY: 1, MORE: 'x' }, 4319],
    // The port that everybody's Collector has.
    [telemetryVariables(4318), null],
    [{ ...OURS, OTEL_LOGS_EXPORTER: 'console' }, null],
    [{ ...OURS, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://localhost:4319/v1/logs' }, null],
    [{ ...OURS, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:4319/v1/logs/' }, null],
    [{ CLAUDE_CODE_ENABLE_TELEMETRY: '1' }, null],
    [{}, null],
  ])('%j name the port %s', (env, port) => {
    expect(telemetryPort(env)).toBe(port);
  });
});

describe('withVariables', () => {
  it.each([
    ['nothing', '', `{@}\n`],
    ['an empty object', '{}', '{@}'],
    ['a comment', '// mine\n', '// mine\n{@}\n'],
    ['others', '{\n  "a": 1 // x\n}\n', '{\n  "a": 1, // x@}\n'],
  ])('begins well in %s', (_what, text, expected) => {
    const block = JSON.stringify({ env: OURS }, null, 2).slice(1, -1);
    expect(put(text)).toBe(expected.replace('@', block));
  });

  it.each([
    ['{"env":{}}', `{"env":${compact}}`],
    ['{"env":{"A":"b"},"c":1}', `{"env":{"A":"b",${compact.slice(1)},"c":1}`],
    ['{"env":{"A":"b",}}', `{"env":{"A":"b",${compact.slice(1, -1)},}}`],
    ['{"env":{"A":1},"env":{"B":2}}', `{"env":{"A":1},"env":{"B":2,${compact.slice(1)}}`],
  ])('adds to the env of %s', (text, expected) => {
    expect(put(text)).toBe(expected);
  });

  it('keeps what is there as it is, and says what it made', () => {
    const text = '{\r\n\t"env": {\r\n\t\t"CLAUDE_CODE_ENABLE_TELEMETRY": 1, // mine\r\n\t\t"A": "b"\r\n\t}\r\n}';
    expect(put(text).startsWith(text.slice(0, -8))).toBe(true);
    expect(made(text)).toEqual({ env: false, names: NAMES.slice(1) });
    expect(made('{}')).toEqual({ env: true, names: NAMES });
    expect(take(put(text), made(text))).toBe(text);
  });

  it('put in twice is put in once, and another port takes the place of the old one', () => {
    const once = put('{"a":1}');
    expect(put(once)).toBe(once);
    expect(made(once)).toEqual({ env: false, names: [] });
    expect(put(once, 5000)).toBe(once.replace('4319', '5000'));
    expect(put(once.replace('"otlp"', '"otlp,console"'))).toContain('"otlp,console"');
  });

  it.each([
    ['{"env": []}', 'env: expected an object, got an array'],
    ['{"env": "A=b"}', 'env: expected an object, got a string'],
    ['{"env": null}', 'env: expected an object, got null'],
    ['[]', 'expected an object, got an array'],
    ['{', 'expected JSON, got a mistake at line 1, column 2: close brace expected'],
  ])('refuses %s', (text, message) => {
    expect(() => put(text)).toThrow(expect.objectContaining({ code: 'BAD_SETTINGS', message: `${path}: ${message}` }));
  });
});

describe('withoutVariables', () => {
  it('takes out what is still as it was set', () => {
    const text = put('{"env":{"A":"b"}}').replace('"otlp"', '"otlp,console"').replace('4319', '4320');
    expect(take(text, { env: false, names: NAMES })).toBe('{"env":{"A":"b","OTEL_LOGS_EXPORTER":"otlp,console"}}');
  });

  it('takes out only what it made', () => {
    const text = `{"env":${compact}}`;
    expect(JSON.parse(take(text, { env: false, names: NAMES.slice(1) }))).toEqual({
      env: { CLAUDE_CODE_ENABLE_TELEMETRY: '1' },
    });
    expect(take(text, { env: false, names: [] })).toBe(text);
    expect(take(text, { env: false, names: NAMES })).toBe('{"env":{}}');
    expect(take(text, all)).toBe('{}');
  });

  it('keeps an env that only looks empty', () => {
    expect(take(`{"env":{/* why */${compact.slice(1)}}`, all)).toBe('{"env":{/* why */}}');
    expect(take('{"env":{"A":1}}', all)).toBe('{"env":{"A":1}}');
  });

  it('where nobody knows, takes all four together for ours, and never less', () => {
    expect(take(`{"a":0,"env":${compact}}`)).toBe('{"a":0}');
    for (const text of [
      `{"env":${JSON.stringify(telemetryVariables(4318))}}`,
      '{"env":{"OTEL_LOGS_EXPORTER":"otlp"}}',
    ]) {
      expect(take(text)).toBe(text);
      expect(hasVariables({ path, text }, null)).toBe(false);
    }
    expect(hasVariables({ path, text: put('') }, null)).toBe(true);
  });

  it('leaves text alone that has none of ours', () => {
    expect(take('{"env":{}} ')).toBe('{"env":{}} ');
    expect(hasVariables({ path, text: 'broken' }, all)).toBe(false);
  });
});
