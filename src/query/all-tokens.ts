/** The tokens of a row, whatever kind of row it is. */
import type { UsageRow } from '../model/document-schema.ts';

type TokenColumns = Pick<
  UsageRow,
  'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'cache_write_5m_tokens' | 'cache_write_1h_tokens'
>;

/** Of all five kinds; none where nothing was used. */
export const allTokens = (row: TokenColumns | null | undefined): number =>
  row
    ? row.input_tokens +
      row.output_tokens +
      row.cache_read_tokens +
      row.cache_write_5m_tokens +
      row.cache_write_1h_tokens
    : 0;
