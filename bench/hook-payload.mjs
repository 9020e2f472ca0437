// What the client gives a hook in the middle of a run: it adds a fact, and ends nothing.
export const hookPayload = () =>
  JSON.stringify({
    session_id: '00000000-0000-4000-8000-000000000001',
    transcript_path: '/home/dev/.claude/projects/-home-dev-shop/00000000-0000-4000-8000-000000000001.jsonl',
    cwd: '/home/dev/shop',
    prompt_id: '00000000-0000-4000-8000-000000000000',
    permission_mode: 'bypassPermissions',
    hook_event_name: 'PreToolUse',
    tool_name: 'Skill',
    tool_input: { skill: 'prototype-builder', args: 'x' },
    tool_use_id: `toolu_${Math.random()}`,
  });
