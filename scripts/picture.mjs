// Terminal text with colours on standard input → SVG on standard output: the picture in the README.
// script -qec 'node dist/bin/spanbook.cjs pipeline hierarchy --state-dir .demo/state' /dev/null | node scripts/picture.mjs > docs/tree.svg
import { readFileSync } from 'node:fs';

const CELL_WIDTH = 8.43;
const LINE_HEIGHT = 20;
const PADDING = 16;
const TITLE_HEIGHT = 34;
const COLOURS = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#8b949e',
};
const PLAIN = '#e6edf3';

const escapeXml = text => text.replace(/[&<>]/g, char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char]);

/** Splits a line into runs of one style. */
function runsOf(line) {
  const runs = [];
  let style = {};
  let column = 0;
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1];
    if (codes === undefined) {
      // Renderers drop spaces at the edges of a text, so each word stands at its own place.
      for (const { 0: text, index } of part.matchAll(/\S+/g)) {
        runs.push({ text, column: column + [...part.slice(0, index)].length, ...style });
      }
      column += [...part].length;
      continue;
    }
    for (const code of codes.split(';').map(Number)) {
      if (code === 0) style = {};
      else if (code === 1) style = { ...style, bold: true };
      else if (code === 2) style = { ...style, dim: true };
      else if (code === 22) style = { ...style, bold: false, dim: false };
      else if (code === 39) style = { ...style, colour: undefined };
      else if (COLOURS[code]) style = { ...style, colour: COLOURS[code] };
    }
  }
  return runs;
}

const lines = readFileSync(0, 'utf8').replaceAll('\r', '').trimEnd().split('\n');
const title = process.argv[2] ?? 'spanbook pipeline hierarchy';
const columns = Math.max(80, ...lines.map(line => [...line.replace(/\u001b\[[0-9;]*m/g, '')].length));
const width = Math.ceil(columns * CELL_WIDTH + 2 * PADDING);
const height = TITLE_HEIGHT + lines.length * LINE_HEIGHT + 2 * PADDING;
const body = lines.flatMap((line, row) =>
  runsOf(line).map(({ text, column, colour, bold, dim }) => {
    const x = (PADDING + column * CELL_WIDTH).toFixed(1);
    const y = TITLE_HEIGHT + PADDING + row * LINE_HEIGHT + 14;
    const length = ([...text].length * CELL_WIDTH).toFixed(1);
    const fill = colour ?? (dim ? COLOURS[90] : PLAIN);
    return `<text x="${x}" y="${y}" textLength="${length}" fill="${fill}"${bold ? ' font-weight="bold"' : ''}>${escapeXml(text)}</text>`;
  }),
);
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">
<text x="84" y="23" fill="#8b949e">${escapeXml(title)}</text>
${body.join('\n')}
</g>
</svg>
`);
