/** The JSON Schema of each documented file, made from its zod schema. */
import { z } from 'zod';
import { documentSchema } from './document-schema.ts';
import { pricingSchema } from './pricing-schema.ts';
import { settingsSchema } from './settings-schema.ts';
import { usageStatsSchema } from './usage-stats-schema.ts';

const TITLES = {
  pipeline_progress: { schema: documentSchema, title: 'pipeline_progress.json of spanbook' },
  spanbook: { schema: settingsSchema, title: 'spanbook.json: settings of spanbook' },
  usage_pricing: { schema: pricingSchema, title: 'usage_pricing.json: prices, limits and budgets of spanbook' },
  usage_stats: { schema: usageStatsSchema, title: 'usage_stats.json of spanbook' },
} as const;

/** By file name without its ending. Called by `scripts/schemas.mjs` and by the test that holds the files against it. */
export function documentedSchemas(): Record<string, object> {
  const entries = Object.entries(TITLES).map(([name, { schema, title }]) => {
    // As input: a reader must not refuse keys that a later version adds to the document.
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
    return [name, { $schema, title, ...rest }] as const;
  });
  return Object.fromEntries(entries);
}
