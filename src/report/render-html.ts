/** The report as one page that needs nothing else: no script, no address, pictures inside. */
import { cellText, noteText } from './cell-text.ts';
import type { Picture } from './draw-charts.ts';
import { HTML_STYLE } from './html-style.ts';
import { Html, html, inlineSvg } from './html-text.ts';
import type { ReportHead } from './report-head.ts';
import { isNumeric, type ReportTable } from './report-table.ts';
import type { ReportSection } from './report-tables.ts';

export interface HtmlReport {
  head: ReportHead;
  sections: readonly ReportSection[];
  notes: readonly string[];
  /** The same charts for wide and for narrow screens. */
  wide: readonly Picture[];
  narrow: readonly Picture[];
}

/** Rows of a table that a page shows; a workbook has them all. */
const MAX_ROWS = 25;
const MAX_DAYS = 92;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function renderHtml(report: HtmlReport): string {
  const { head, sections, notes } = report;
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${head.title}, ${head.about}</title>
<style>${new Html(HTML_STYLE)}</style>
</head>
<body>
<header>
<h1>${head.title}</h1>
<p>${head.about}</p>
<p class="faint">${head.made}</p>
<dl>${head.figures.map(
    ({ name, value, detail }) =>
      html`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="detail">${detail}</dd></div>`,
  )}</dl>
<nav aria-label="Sections"><ul>${sections.map(({ title }) => html`<li><a href="#${anchor(title)}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(section => sectionHtml(section, report))}
</main>
<footer>${notes.map(note => html`<p>${noteText(note)}</p>`)}</footer>
</body>
</html>
`;
  return page.toString();
}

const anchor = (title: string): string => title.toLowerCase().replace(/[^a-z]+/g, '-');

function sectionHtml({ title, tables }: ReportSection, { wide, narrow, head }: HtmlReport): Html {
  const pictures = wide.filter(({ section }) => section === title);
  const figures = pictures.map(picture => {
    const small = narrow.find(({ id }) => id === picture.id) ?? picture;
    return html`<figure><figcaption>${picture.title}</figcaption><div role="img" aria-label="${picture.label}"><div class="wide">${inlineSvg(picture.svg)}</div><div class="narrow">${inlineSvg(small.svg)}</div></div></figure>`;
  });
  return html`<section>
<h2 id="${anchor(title)}">${title}</h2>
${title === 'Money' ? html`<p>${head.trend}</p>` : null}
${figures.length > 0 ? html`<div class="${figures.length > 1 && title === 'What it belongs to' ? 'pair' : 'charts'}">${figures}</div>` : null}
${tables.map(table => tableHtml(table, head))}
</section>
`;
}

function tableHtml(table: ReportTable, { timeText }: ReportHead): Html {
  const { title, columns, rows, total, empty, id } = table;
  if (rows.length === 0) return html`<h3>${title}</h3><p class="faint">${empty}</p>`;
  // The newest days, and of everything else what stands first.
  const shown = id === 'daily' ? rows.slice(-MAX_DAYS) : rows.slice(0, MAX_ROWS);
  const left = rows.length - shown.length;
  const cell = (values: ReportTable['rows'][number], index: number, isHead: boolean): Html => {
    const kind = columns[index]?.kind ?? 'text';
    const text = cellText(values[index] ?? null, kind, timeText);
    const kindClass = isNumeric(kind) ? 'number' : kind;
    const isBad = columns[index]?.key === 'status' && (text === 'failed' || text === 'abandoned');
    if (isHead) return html`<th scope="row" class="${kindClass}">${text}</th>`;
    return html`<td class="${kindClass}${isBad ? ' bad' : ''}">${text}</td>`;
  };
  const line = (values: ReportTable['rows'][number]): Html =>
    html`<tr>${columns.map((_, index) => cell(values, index, index === 0))}</tr>`;
  return html`<div class="scroll ${id}" role="region" aria-label="${title}" tabindex="0"><table>
<caption>${title}</caption>
<thead><tr>${columns.map(({ title: name, kind }) => html`<th scope="col" class="${isNumeric(kind) ? 'number' : kind}">${name}</th>`)}</tr></thead>
<tbody>${shown.map(line)}</tbody>
${total ? html`<tfoot>${line(total)}</tfoot>` : null}</table>${left > 0 ? html`<p class="faint">${left} more ${left === 1 ? 'row is' : 'rows are'} in the total.</p>` : null}</div>
`;
}
