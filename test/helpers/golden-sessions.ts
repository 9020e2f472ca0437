import type { UsageCase } from './usage-cases.ts';
export const SESSIONS: Record<string, UsageCase> = {};
export const AGENTS: Record<string, UsageCase> = {};
