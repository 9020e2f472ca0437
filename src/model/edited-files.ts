/** The schemas of the files that people edit, to be loaded together and only when there is such a file. */
export { pricingSchema } from './pricing-schema.ts';
export { settingsSchema } from './settings-schema.ts';
