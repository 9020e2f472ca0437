/** Names that would move a cursor, turn a line round, hide, or begin a formula: nothing that is shown obeys them. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { cutText } from '../../src/cli/text-width.ts';
import { openMonitorLog } from '../../src/monitor/monitor-log.ts';
import { alertLines, alertTitle } from '../../src/monitor/notify/alert-text.ts';
import { webhookBody } from '../../src/monitor/notify/webhook-body.ts';
import { csvText } from '../../src/query/csv-text.ts';
import { safeText } from '../../src/query/safe-text.ts';
import { alertOf } from '../helpers/alerts.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { cli, eventId, makeState, T0, writeSettings } from '../helpers/run-cli.ts';
import { makeEnd, makeNote, makeRequest, makeStart } from '../helpers/script-facts.ts';
import { statusPayload } from '../helpers/status-line.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { fillUsageState } from '../helpers/usage-state.ts';
import { fault, times } from './fault.ts';

const ESCAPES = [
  '\x1b[2J',
  '\x1b[31m',
  '\x1b]0;title\x07',
  '\x1b]8;;http://x\x1b\\',
  '\x1bP0;1|x\x1b\\',
  '\x1b_x\x1b\\',
  '\x1bc',
  '\x9b1A',
  '\x9d0;x\x9c',
];
const HIDDEN = [
  '\0',
  '\b\b\b',
  '\r',
  '\n',
  '\t',
  '\v',
  '\f',
  '\x7f',
  '\x85',
  '\xad',
  '\u200b',
  '\u200f',
  '\u202e',
  '\u2066',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\u{e0041}',
  '\u{f0000}',
  '\ud800',
  '\udfff',
];
const FORMULAS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  '=HYPERLINK("http://x","y")',
  '"',
  ',',
  '\r\n=1',
  ' =1',
];
const MARKUP = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</title></style><iframe src=javascript:alert(1)>',
  '<!--',
  ']]>',
  '&#60;script&#62;',
  ' onmouseover="x" ',
];
const PLAIN = ['a', 'builder', 'Größe', '漢字', '🚀', '/deploy', '<b>', '&amp;', '%s', '|', '`', '$(id)', '__proto__'];

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...ESCAPES),
      fc.constantFrom(...HIDDEN),
      fc.constantFrom(...FORMULAS),
      fc.constantFrom(...MARKUP),
      fc.constantFrom(...PLAIN),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 5, size: 'max' },
  )
  .map(parts => parts.join(''));

/** Letters, marks, numbers, punctuation, symbols, spaces; and line ends where lines are. */
const UNSAFE = /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/u;
const UNSAFE_IN_LINES = /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\n]/u;
/** The colours that answers have on a terminal. */
const COLOURS = /\x1b\[(?:0|1|2|31|32|33|36)m/g;
const FORMULA = /^[\t\r\n ]*[=+\-@＝＋－＠]/;

/** What a chat would take for a call to everybody is parted by one of these. */
const withoutPartings = (text: string): string => text.replaceAll('@\u200b', '@');

function expectSafeCells(csv: string): void {
  for (const row of parseCsv(csv)) {
    for (const cell of row) {
      if (/^-?\d+(\.\d+)?$/.test(cell)) continue;
      expect(cell).not.toMatch(FORMULA);
      expect(cell).not.toMatch(UNSAFE);
    }
  }
}

describe('display', () => {
  fault(
    'hostile texts, each shown in every way',
    'no control characters, no formulas; numbers stay numbers',
    ({ count }) => {
      const strings = times(100_000, 1_000_000);
      let escaped = 0;
      fc.assert(
        fc.property(hostile, text => {
          const shown = safeText(text);
          if (shown !== text) escaped++;
          if (UNSAFE.test(shown) || !shown.isWellFormed() || UNSAFE.test(cutText(shown, 5, '…')))
            throw new Error(shown);
          const csv = csvText({ header: ['name', 'cost'], rows: [[text, -12.5]] });
          const [, [cell = '', cost] = []] = parseCsv(csv);
          if (FORMULA.test(cell) || UNSAFE.test(cell) || cost !== '-12.5') throw new Error(csv);
          if (cell !== shown && cell !== `'${shown}`) throw new Error(csv);
        }),
        { numRuns: strings },
      );
      count('texts', strings);
      count('escaped', escaped);
      expect(escaped).toBeGreaterThan(strings / 2);
      expect(escaped).toBeLessThan(strings);
    },
  );

  fault(
    'hostile names in alerts and in the log of the monitor',
    'mail, webhook and log show them as escapes',
    ({ count }) => {
      const path = `${tempDir()}/monitor.log`;
      const log = openMonitorLog(path, { now: () => T0, maxBytes: 1e9 });
      const alerts = times(2000, 20_000);
      fc.assert(
        fc.property(hostile, text => {
          const alert = alertOf({ subject: text, message: `Agent ${text}: $5.` });
          for (const line of [alertTitle([alert]), ...alertLines([alert])]) expect(line).not.toMatch(UNSAFE);
          const { text: said, attachments } = JSON.parse(webhookBody([alert]));
          expect(withoutPartings(said)).not.toMatch(UNSAFE_IN_LINES);
          expect(said).not.toMatch(/<|>|@(all|channel|here|everyone)/i);
          for (const { value } of attachments[0].fields) expect(withoutPartings(value)).not.toMatch(UNSAFE);
          log.warn(`somebody said: ${text}`);
        }),
        { numRuns: alerts },
      );
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      expect(lines.length).toBe(alerts);
      for (const line of lines) expect(JSON.parse(line).message).not.toMatch(UNSAFE);
      count('alerts', alerts);
    },
  );

  fault(
    'hostile names in every field, through whole commands',
    'text has nothing but line ends and colours, CSV no formulas, HTML no markup, JSON the names as they are',
    async ({ count }) => {
      const rounds = times(6, 300);
      for (const name of fc.sample(hostile, rounds)) {
        const stateDir = makeState([
          makeStart(1, { name, stage: name, system: name, intent: name, session: name }),
          makeStart(2, { level: 'agent', name, label: name, parent: makeStart(1).span, session: name }),
          makeNote(3, { level: 'error', type: name, message: name, severity: name, parent: makeStart(1).span }),
          makeNote(4, { level: 'warning', type: name, message: name }),
          makeNote(6, { level: 'info', message: name, attributes: { [name]: name } }),
          makeRequest(5, 2, 9),
          makeEnd(2, {
            status: 'failed',
            error: { type: name, message: name, severity: name },
            outputs: { [name]: name },
          }),
        ]);
        const owner = {
          session: name,
          project: name,
          branch: name,
          stage: name,
          command: name,
          agent: name,
          instance: name,
          skill: name,
        };
        fillUsageState(stateDir, [{ at: '2026-03-01T11:00:00Z', model: name, ...owner, tokens: { output: 5 } }]);
        // A stage without a name is refused.
        writeSettings(stateDir, { stages: name === '' ? {} : { [name]: name } });
        const questions = [
          ...['status', 'active', 'events', 'hierarchy', 'sessions', 'stats', 'summary', 'errors'].map(verb => [
            'pipeline',
            verb,
          ]),
          ['pipeline', 'show', eventId(2)],
          ['pipeline', 'show', name],
          ['pipeline', 'durations'],
          ['pipeline', 'bottlenecks'],
          ['pipeline', 'bottlenecks', name],
          ['pipeline', 'anomalies'],
          ['pipeline', 'compare', '--at', '2026-03-01'],
          ['pipeline', 'compare', '--commit', name],
          ['pipeline', name],
          [name],
          ['pipeline', 'events', '--since', name],
          ['pipeline', 'status', `--${name}`],
          ['context', 'show'],
          ['usage', 'report'],
          ['usage', 'totals'],
          ['usage', 'alerts'],
          ['usage', 'top', '--by', 'agent'],
          ['usage', 'breakdown', '--by', 'agent,model'],
          ['usage', 'breakdown', '--by', name],
          ['usage', 'daily'],
          ['attribution', 'report'],
          ['monitor', 'status'],
          ['doctor'],
        ];
        const env = { SPANBOOK_STATE_DIR: stateDir, CLAUDE_CONFIG_DIR: `${stateDir}/claude`, HOME: `${stateDir}/home` };
        for (const argv of questions) {
          for (const isTty of [false, true]) {
            const { out, err } = await cli(argv, { env, isTty, columns: 100 });
            expect([argv, out.replace(COLOURS, '')]).toEqual([argv, expect.not.stringMatching(UNSAFE_IN_LINES)]);
            expect([argv, err.replace(COLOURS, '')]).toEqual([argv, expect.not.stringMatching(UNSAFE_IN_LINES)]);
            if (!isTty) expect(out).not.toContain('\x1b');
            count('answers', 1);
          }
        }
        const page = (await cli(['report', '--format', 'html', '--since', '2026-02-20'], { env })).out;
        expect(page).toMatch(/^<!doctype html>/i);
        // Of elements and attributes there are those of the report alone, whatever the names are.
        expect(page).not.toMatch(/<(script|iframe|object|embed|link|base|form|img)\b/i);
        expect(page.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\s(on\w+|href|src)\s*=\s*(?!"")/i);
        expect(page).not.toMatch(/\s(href|src)="(?!#)/);
        count('pages', 1);
        for (const argv of [
          ['usage', 'breakdown', '--by', 'agent,model'],
          ['usage', 'daily'],
          ['usage', 'top', '--by', 'agent'],
        ]) {
          const { code, out } = await cli([...argv, '--csv'], { env });
          expect([argv, code]).toEqual([argv, 0]);
          expectSafeCells(out);
          count('answers', 1);
        }
        const { out } = await cli(['pipeline', 'hierarchy', '--json'], { env });
        // Half of a pair of surrogates is JSON too, as an escape; as UTF-8 it is none.
        const named = JSON.parse(out).roots.map(({ name: shown }: { name: string }) => shown.toWellFormed());
        expect(named).toContain(name.toWellFormed());
        const payload = statusPayload({ model: { id: name, display_name: name }, session_id: 's', session_name: name });
        const line = await cli(['statusline'], { env, isTty: true, readInput: () => ({ payload }) });
        expect(line.out.replace(COLOURS, '')).not.toMatch(UNSAFE_IN_LINES);
        count('answers', 2);
      }
    },
  );
});
