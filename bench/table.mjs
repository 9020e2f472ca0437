// The table as text for a terminal and as Markdown for the page, from the same judged rows.
import { judge } from './judge.mjs';

const COLUMNS = [
  ['what', 'case'],
  ['against', 'against'],
  ['measured', 'median'],
  ['noise', 'p25..p75'],
  ['rounds', 'rounds'],
  ['aim', 'aim'],
  ['met', 'met'],
  ['better', 'better'],
  ['figures', 'in figures'],
];
const ON_THE_RIGHT = ['measured', 'noise', 'rounds'];

const GROWTH = {
  title: 'How the cost grows',
  about:
    'Each at four sizes in the same rounds. A slope is the exponent of a least-squares line over the logarithms: 0 is constant, 1 is linear. Where a cost is not to grow at all the largest stands against the smallest.',
};

/** Sections of judged rows; what tells of growth has one of its own, at the end. */
export function sectionsOf(results) {
  const growth = results.flatMap(({ rows }) => rows.filter(row => row.isGrowth));
  return [
    ...results.map(({ rows, ...rest }) => ({ ...rest, rows: rows.filter(row => !row.isGrowth) })),
    { ...GROWTH, rows: growth },
  ]
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, about, rows }) => ({ title, about, rows: rows.map(judge) }));
}

/** What misses its aim, or is better elsewhere, with what is to be done about it. Rows of one plan stand together. */
function plansOf(rows) {
  const names = new Map();
  for (const { what, against, isGrowth, plan } of rows) {
    if (plan === null) continue;
    const name = against && !isGrowth ? `${what} / ${against}` : what;
    names.set(plan, [...(names.get(plan) ?? []), name]);
  }
  return [...names].map(([plan, of]) => [of.join('; '), plan]);
}

export function asText(sections) {
  const all = [Object.fromEntries(COLUMNS), ...sections.flatMap(({ rows }) => rows)];
  const widths = COLUMNS.map(([key]) => Math.max(...all.map(row => row[key].length)));
  const line = row =>
    COLUMNS.map(([key], at) =>
      ON_THE_RIGHT.includes(key) ? row[key].padStart(widths[at]) : row[key].padEnd(widths[at]),
    )
      .join('  ')
      .trimEnd();
  return sections
    .flatMap(({ title, rows }) => [
      '',
      title.toUpperCase(),
      line(Object.fromEntries(COLUMNS)),
      ...rows.map(line),
      ...plansOf(rows).map(([name, plan]) => `  → ${name}: ${plan}`),
    ])
    .join('\n');
}

export function asMarkdown(sections) {
  const line = cells => `| ${cells.join(' | ')} |`;
  const marks = COLUMNS.map(([key]) => (ON_THE_RIGHT.includes(key) ? '---:' : '---'));
  return sections
    .map(({ title, about, rows }) => {
      const plans = plansOf(rows).map(([name, plan]) => `- **${name}**: ${plan}`);
      const table = [
        line(COLUMNS.map(([, head]) => head)),
        line(marks),
        ...rows.map(row => line(COLUMNS.map(([key]) => (row[key] === 'NO' ? '**no**' : row[key])))),
      ];
      const missed =
        plans.length > 0 ? ['', 'What misses its aim or is better elsewhere, and the plan:', '', ...plans] : [];
      return [`## ${title}`, '', about, '', ...table, ...missed, ''].join('\n');
    })
    .join('\n');
}
