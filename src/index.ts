/** The public names of spanbook. */
export { StateFileSpanExporter, type StateFileSpanExporterOptions } from '../exporters/state-file-span-exporter.ts';
export { SpanbookError, type SpanbookErrorCode } from './errors.ts';
export type { LoggedActivity, LoggedError, LoggedEvent, LoggedWarning } from './logged-event.ts';
export {
  getLogger,
  logSkillExecution,
  PipelineLogger,
} from './logger.ts';
export { PipelineQueryApi } from './pipeline-query-api.ts';
export { LiveSpanProcessor, type LiveSpanProcessorOptions } from './processor/live-span-processor.ts';
export { type ActivityHelper, type Pipeline, type PipelineOptions, startPipeline } from './setup.ts';
export type { ErrorReport, PipelineActivity, UsageReport, WarningReport } from './span/activity.ts';
export type { ActivityOptions } from './span/run-in-span.ts';
export { UsageQueryApi, type UsageQueryApiOptions } from './usage-query-api.ts';
