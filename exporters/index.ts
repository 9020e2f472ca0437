/** Exporters: where facts go. Import from `spanbook/exporters`. */
export { StateFileSpanExporter, type StateFileSpanExporterOptions } from './state-file-span-exporter.ts';
