#!/usr/bin/env bash
# A small pipeline in shell, instrumented with the script hooks of spanbook. Run it in a clone:
#
#   bash examples/instrument-script.sh
#   npx spanbook pipeline hierarchy
#
# It writes to the state folder: SPANBOOK_STATE_DIR, else state/ of the working directory.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
hook() {
  local name=$1
  shift
  node "$here/dist/hooks/$name.cjs" "$@"
}

# A command with two things inside it. Whatever starts a thing prints its event id.
command=$(hook command-start --command-name /prototype --stage prototype --system-name Inventory \
  --intent "Generate a prototype")

# Two branches at once: each one says what its parent is.
build_agent() {
  local agent
  agent=$(hook pre-agent-spawn --agent-name builder --parent-event-id "$command")
  hook log-event --level warning --type DeprecationWarning --message "Using deprecated API" --parent-event-id "$agent"
  hook post-task-completion --agent-name builder --start-event-id "$agent"
}
run_skill() {
  local skill
  skill=$(hook skill-invoke --phase start --skill-name Prototype_Builder --parent-event-id "$command")
  hook skill-invoke --phase end --skill-name Prototype_Builder --start-event-id "$skill"
}
build_agent &
run_skill &
wait

hook command-end --command-name /prototype --status completed --start-event-id "$command" \
  --outputs '{"files_created": 10, "checkpoint": 5}'

# A command whose parts run one after the other: without --parent-event-id they hang under the innermost open activity.
command=$(hook command-start --command-name /validate --stage validation --system-name Inventory)
hook log-event --level info --message "checking 10 files"
skill=$(hook skill-invoke --phase start --skill-name Schema_Checker)
hook log-event --level error --type ValidationError --message "Invalid input" --severity high \
  --recovery '{"action": "skip", "fallback": "default"}'
hook skill-invoke --phase end --skill-name Schema_Checker --start-event-id "$skill"
hook command-end --command-name /validate --status completed --start-event-id "$command"
