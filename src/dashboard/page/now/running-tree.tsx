/** A run that is open, with all below it: what runs, for how long, what it has used. */
import { useState } from 'preact/hooks';
import { formatDuration } from '../../../query/format-duration.ts';
import type { ActivityNode } from '../../../query/runs/activity-tree.ts';
import { runPath } from '../route/parse-route.ts';
import { costText, tokensText } from '../ui/amounts.ts';
import { Name } from '../ui/name.tsx';
import { Problems, Status } from '../ui/status.tsx';
import { useNow } from '../ui/use-now.ts';

/** Of one parent; more are counted. */
const MAX_CHILDREN = 60;

export function RunningTree({ root }: { root: ActivityNode }) {
  const now = useNow(true);
  return (
    <ul class="tree">
      <Branch node={root} rootId={root.event_id} now={now} depth={0} />
    </ul>
  );
}

interface BranchProps {
  node: ActivityNode;
  rootId: string;
  now: number;
  depth: number;
}

function Branch({ node, rootId, now, depth }: BranchProps) {
  const { children, status } = node;
  const isRunning = status === 'running';
  // What has ended is folded: one looks for what runs.
  const [isOpen, setOpen] = useState<boolean | null>(null);
  const isShown = isOpen ?? (isRunning && depth < 12);
  const shown = children.length > MAX_CHILDREN ? children.slice(-MAX_CHILDREN) : children;
  const elapsed = isRunning ? Math.max(0, now - Date.parse(node.started_at)) : node.duration_ms;
  return (
    <li>
      <div class={`tree-row ${isRunning ? 'is-running' : ''}`} style={{ '--depth': Math.min(depth, 8) }}>
        {children.length > 0 ? (
          <button
            type="button"
            class="fold"
            aria-expanded={isShown}
            aria-label={`${isShown ? 'Fold' : 'Unfold'} ${node.name.slice(0, 60)}`}
            onClick={() => setOpen(!isShown)}
          >
            <span aria-hidden="true">{isShown ? '▾' : '▸'}</span>
          </button>
        ) : (
          <span class="fold" />
        )}
        <Status status={status} isShort />
        <span class={`dot kind-${node.level}`} title={node.level} />
        <a class="tree-name" href={runPath(rootId, depth === 0 ? null : node.event_id)}>
          <Name text={node.name} label={node.label} />
        </a>
        <Problems errors={node.errors} warnings={node.warnings} />
        <span class="num tree-time">{formatDuration(isRunning ? Math.floor(elapsed / 1000) * 1000 : elapsed)}</span>
        <span class="num tree-tokens" title="tokens">
          {tokensText(node.usage)}
        </span>
        <span class="num tree-cost" title="at list prices">
          {costText(node.usage)}
        </span>
      </div>
      {isShown && children.length > 0 && (
        <ul>
          {shown.length < children.length && (
            <li class="muted tree-more">{children.length - shown.length} earlier ones: see the run</li>
          )}
          {shown.map(child => (
            <Branch key={child.event_id} node={child} rootId={rootId} now={now} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}
