/** How the report looks on paper. */
import type { CustomTableLayout, TDocumentDefinitions } from 'pdfmake/interfaces.js';

export const PDF_COLORS = { text: '#1f2937', faint: '#5b6472', grid: '#d5dae2', card: '#f1f4f8', accent: '#0060a8' };

/** Points: A4 without its margins. */
export const PDF_WIDTH = 595 - 2 * 40;

export const PDF_STYLES: NonNullable<TDocumentDefinitions['styles']> = {
  title: { fontSize: 24, bold: true, color: PDF_COLORS.text },
  about: { fontSize: 10, color: PDF_COLORS.faint },
  section: { fontSize: 15, bold: true, color: PDF_COLORS.accent, margin: [0, 18, 0, 6] },
  table: { fontSize: 10, bold: true, margin: [0, 10, 0, 3] },
  head: { fontSize: 7, bold: true, color: PDF_COLORS.faint },
  cell: { fontSize: 7 },
  note: { fontSize: 8, color: PDF_COLORS.faint, margin: [0, 2, 0, 2] },
};

/** Thin lines between rows, a thicker one below the head. */
export const PDF_TABLE: CustomTableLayout = {
  hLineWidth: (row, { table }) => (row === 0 || row === table.body.length ? 0 : row === 1 ? 1 : 0.4),
  vLineWidth: () => 0,
  hLineColor: () => PDF_COLORS.grid,
  paddingLeft: column => (column === 0 ? 0 : 4),
  paddingRight: () => 2,
  paddingTop: () => 2.5,
  paddingBottom: () => 2.5,
};

/** Key figures: boxes side by side. */
export const PDF_CARDS: CustomTableLayout = {
  hLineWidth: () => 0,
  vLineWidth: column => (column === 0 ? 0 : 6),
  vLineColor: () => '#ffffff',
  paddingLeft: () => 8,
  paddingRight: () => 4,
  paddingTop: () => 7,
  paddingBottom: () => 7,
};
