import type { JudgedRow } from './judge.mjs';
import type { Row } from './rows.mjs';

export interface Section<R> {
  title: string;
  about: string;
  rows: R[];
}

export function sectionsOf(results: Section<Row>[]): Section<JudgedRow>[];
export function asText(sections: Section<JudgedRow>[]): string;
export function asMarkdown(sections: Section<JudgedRow>[]): string;
