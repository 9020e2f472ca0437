/** What decides how requests of the ledger count: the prices and the stages that hold for a state folder. */
import type { StageRules } from './model/stage-rules.ts';
import type { LedgerRules } from './usage/cube-point.ts';
import { costOf } from './usage/price-request.ts';
import { costOfSum } from './usage/price-sum.ts';
import type { PriceTable } from './usage/price-table.ts';
import { stagesByRules } from './usage/stage-by-rules.ts';

export const ledgerRules = (table: PriceTable, stages: StageRules): LedgerRules => ({
  costOf: request => costOf(table, request),
  costOfSum: sum => costOfSum(table, sum),
  stageOf: stagesByRules(stages),
});
