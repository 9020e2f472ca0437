/** What Claude Code gives its status line, with what a case is about in it. */

export const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const inSeconds = (millis: number): number => Math.round((NOW + millis) / 1000);
const HOUR = 3_600_000;

export const limits = (fiveHour = 23.5, sevenDay = 61): object => ({
  five_hour: { used_percentage: fiveHour, resets_at: inSeconds(2 * HOUR) },
  seven_day: { used_percentage: sevenDay, resets_at: inSeconds(70 * HOUR) },
});

export function statusPayload(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    session_id: 's-1',
    transcript_path: '/home/dev/.claude/projects/-home-dev-shop/s-1.jsonl',
    cwd: '/home/dev/shop',
    version: '2.1.197',
    model: { id: 'claude-opus-4-5', display_name: 'Opus 4.5' },
    workspace: { current_dir: '/home/dev/shop', project_dir: '/home/dev/shop', added_dirs: [] },
    cost: {
      total_cost_usd: 0.4212,
      total_duration_ms: 65_000,
      total_api_duration_ms: 30_000,
      total_lines_added: 10,
      total_lines_removed: 2,
    },
    context_window: { context_window_size: 200_000, used_percentage: 34, remaining_percentage: 66 },
    exceeds_200k_tokens: false,
    rate_limits: limits(),
    ...overrides,
  };
}
