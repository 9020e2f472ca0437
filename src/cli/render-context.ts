/** The context for people. */
import type { PipelineHead } from '../model/document-schema.ts';
import { safeText } from '../query/safe-text.ts';
import { renderPairs } from './render-row.ts';
import type { Style } from './style.ts';

export const renderContext = (style: Style, context: PipelineHead['current_context']): string[] =>
  renderPairs(style, [
    ['Stage', shown(context.stage)],
    ['System', shown(context.system_name)],
    ['Checkpoint', shown(context.checkpoint)],
  ]);

const shown = (value: string | number | null): string => (value === null ? '(not set)' : safeText(String(value)));
