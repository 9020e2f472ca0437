import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listAlerts } from '../src/list-alerts.ts';
import { appendAlerts } from '../src/store/alert-log.ts';
import { localCalendar } from '../src/usage/local-calendar.ts';
import { makeFolder } from './helpers/run-cli.ts';
import { viewOf } from './helpers/usage-view.ts';

const NOW = Date.parse('2026-11-26T10:20:00Z');
const pricing = { alert_thresholds: { daily_cost_warning: 5, daily_cost_critical: 20 } };

const query = (stateDir: string, dollars: number) => ({
  stateDir,
  view: viewOf([{ at: NOW - 60_000, cost: dollars * 1e9 }]),
  pricing,
  calendar: localCalendar(),
  now: NOW,
});

it('tells what crosses a limit now, and logs nothing by it', () => {
  const stateDir = makeFolder();
  expect(listAlerts(query(stateDir, 4))).toEqual([]);
  expect(listAlerts(query(stateDir, 6)).map(alert => [alert.kind, alert.level])).toEqual([['daily_cost', 'warning']]);
  expect(readdirSync(stateDir)).toEqual([]);
});

it('tells what is logged once, as it was noticed', () => {
  const stateDir = makeFolder();
  const [first] = listAlerts(query(stateDir, 6));
  if (!first) throw new Error('no alert');
  const logged = { ...first, noted_at: '2026-11-26T10:00:00.000Z' };
  appendAlerts(stateDir, [logged]);
  const alerts = listAlerts(query(stateDir, 25));
  expect(alerts.map(alert => alert.level)).toEqual(['warning', 'critical']);
  expect(alerts[0]).toEqual(logged);
  expect(listAlerts(query(stateDir, 0))).toEqual([logged]);
});
