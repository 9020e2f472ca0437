/** What the documents show: JSON that parses, commands that exist, settings that pass, examples that run. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentSchema } from '../src/model/document-schema.ts';
import { pricingSchema } from '../src/model/pricing-schema.ts';
import { settingsSchema } from '../src/model/settings-schema.ts';
import { usageStatsSchema } from '../src/model/usage-stats-schema.ts';
import { PipelineQueryApi } from '../src/pipeline-query-api.ts';
import { cli, cliJson, makeFolder, makeState, writeSettings } from './helpers/run-cli.ts';
import { type Outcome, outcomeOf, ROOT } from './helpers/run-program.ts';

const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/${name}`)
  .concat('CONTRIBUTING.md', 'CHANGELOG.md', 'state/README.md');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The blocks of a language in a page. */
const blocks = (page: string, language: string): string[] =>
  [...read(page).matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , found]) => found === language)
    .map(([, , , text]) => text ?? '');

const jsonBlocks = pages.flatMap(page => blocks(page, 'json').map(text => [page, text] as const));

/** `spanbook …` up to its first option or argument, wherever a page says it in code. */
const commands = [
  ...new Set(
    pages.flatMap(page =>
      [
        ...read(page).matchAll(
          /(?:`|\$ (?:npx )?)spanbook (init|uninstall|doctor|statusline|exec|import|ship|prune|(?:pipeline|context|usage|attribution|alerts|monitor)(?: [a-z-]+)?)/g,
        ),
      ].map(([, words]) => words ?? ''),
    ),
  ),
].sort();

describe('pages', () => {
  it.each(jsonBlocks)('%s shows JSON that parses: %#', (_, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  it.each(pages)('%s links to files and headings that exist', page => {
    for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', heading] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect(existsSync(join(ROOT, file)), `${page} → ${target}`).toBe(true);
      if (heading !== undefined) expect(headings(file), `${page} → ${target}`).toContain(heading);
    }
  });

  it('show the examples as they are', () => {
    expect(blocks('docs/instrumenting-code.md', 'js')).toContain(read('examples/instrument-code.mjs'));
    expect(blocks('docs/instrumenting-scripts.md', 'bash')).toContain(read('examples/instrument-script.sh'));
  });

  it('show a document and settings as the schemas have them', async () => {
    const [document = '', usage = '', ...settings] = blocks('docs/state-files.md', 'json');
    expect(documentSchema.safeParse(JSON.parse(document)).error).toBeUndefined();
    expect(usageStatsSchema.safeParse(JSON.parse(usage)).error).toBeUndefined();
    expect(settings.length).toBeGreaterThan(1);
    for (const text of settings) {
      const stateDir = makeState();
      writeSettings(stateDir, text);
      expect(await cli(['pipeline', 'stats', '--state-dir', stateDir])).toMatchObject({ code: 0, err: '' });
    }
  });

  it('show settings, limits and budgets of alerts as the schemas have them', () => {
    const shown = blocks('docs/alerts.md', 'json').map(text => JSON.parse(text));
    const settings = shown.filter(value => 'alerts' in value);
    const prices = shown.filter(value => 'alert_thresholds' in value || 'budgets' in value);
    expect([settings.length, prices.length]).toEqual([3, 2]);
    for (const value of settings) expect(settingsSchema.safeParse(value).error).toBeUndefined();
    for (const value of prices) expect(pricingSchema.safeParse(value).error).toBeUndefined();
  });
});

/** Anchors of the headings of a page, as GitHub makes them. */
const headings = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-'),
  );

describe('commands', () => {
  it('are all on the page of the command line', async () => {
    const { out: program } = await cli(['--help']);
    const commandsIn = (help: string): string => help.slice(help.indexOf('\nCommands:'));
    const words = [...commandsIn(program).matchAll(/^ {2}([a-z]+) (.*\[options\])?/gm)];
    const existing = words.flatMap(([, word = '', options]) => (options === undefined ? [] : [word]));
    for (const [, group = '', options] of words) {
      if (options !== undefined) continue;
      const { out } = await cli([group, '--help']);
      const verbs = [...commandsIn(out).matchAll(/^ {2}([a-z-]+) .*\[options\]/gm)];
      existing.push(...verbs.map(([, verb]) => `${group} ${verb}`));
    }
    expect(existing.length).toBeGreaterThanOrEqual(29);
    const headed = read('docs/command-line.md').split('\n');
    expect(existing.filter(name => !headed.includes(`## \`spanbook ${name}\``))).toEqual([]);
  });

  it.each(commands)('spanbook %s exists', async words => {
    const { code, out, err } = await cli([...words.split(' '), '--help']);
    expect([code, err]).toEqual([0, '']);
    // A group explains itself for a verb that it does not know.
    expect(out).toContain(`Usage: spanbook ${words} [options]`);
  });
});

/** Runs an example with a state folder of its own, as a person would, but with nothing else in the environment. */
async function runExample(command: string, path: string): Promise<{ stateDir: string; outcome: Outcome }> {
  const stateDir = join(makeFolder(), 'state');
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', SPANBOOK_STATE_DIR: stateDir };
  const outcome = await outcomeOf(spawn(command, [join(ROOT, path)], { cwd: ROOT, env }));
  return { stateDir, outcome };
}

const EXPECTED = {
  total_events: 13,
  total_commands: 2,
  total_agents_spawned: 1,
  total_skills_invoked: 2,
  total_errors: 1,
  total_warnings: 1,
};

describe('examples', () => {
  it.each([
    [process.execPath, 'examples/instrument-code.mjs'],
    ['bash', 'examples/instrument-script.sh'],
  ])('%s %s gives the run that the pages show', async (command, path) => {
    const { stateDir, outcome } = await runExample(command, path);
    expect([outcome.code, outcome.stderr]).toEqual([0, '']);
    expect(await cliJson(['pipeline', 'stats', '--state-dir', stateDir])).toMatchObject({ statistics: EXPECTED });
    const roots = new PipelineQueryApi({ stateDir }).getEventHierarchy();
    expect(roots.map(root => [root.name, root.children.map(child => child.name).sort()])).toEqual([
      ['/prototype', ['Prototype_Builder', 'builder']],
      ['/validate', ['Schema_Checker']],
    ]);
    const { errors, warnings } = new PipelineQueryApi({ stateDir }).getErrors();
    expect(errors.map(error => error.hierarchy.path)).toEqual([['/validate', 'Schema_Checker']]);
    expect(warnings.map(warning => warning.hierarchy.path)).toEqual([['/prototype', 'builder']]);
  });

  it('print what the page shows', async () => {
    const { outcome } = await runExample(process.execPath, 'examples/instrument-code.mjs');
    for (const page of ['docs/instrumenting-code.md', 'docs/from-the-original.md']) {
      expect(read(page)).toContain(outcome.stdout);
    }
  });
});
