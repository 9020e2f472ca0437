/** What was waited for, by kind and name. */
import type { Bottlenecks } from '../../../query/analysis/critical-path.ts';
import { formatDuration } from '../../../query/format-duration.ts';
import { percent } from '../ui/amounts.ts';
import { Name } from '../ui/name.tsx';
import { Empty } from '../ui/panel.tsx';
import { Kind } from '../ui/status.tsx';

const SHOWN = 15;

export function TimeTable({ path }: { path: Bottlenecks }) {
  const { causes, has_leaves } = path;
  if (causes.length === 0) return <Empty>Nothing took any time yet.</Empty>;
  const left = causes.length - SHOWN;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Where the time went">
      <table class="data">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Name</th>
            <th scope="col" class="num">
              Time
            </th>
            <th scope="col" class="num">
              Share
            </th>
            <th scope="col" class="num">
              Pieces
            </th>
          </tr>
        </thead>
        <tbody>
          {causes.slice(0, SHOWN).map(({ level, name, own_ms, share, segments }) => (
            <tr key={`${level} ${name}`}>
              <td>
                <Kind kind={level} />
              </td>
              <td class="cell-name">
                <Name text={name} />
              </td>
              <td class="num">{formatDuration(own_ms)}</td>
              <td class="num cell-share">
                <span class="share" style={{ '--share': share }} aria-hidden="true" />
                {percent(share)}
              </td>
              <td class="num">{segments}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted table-note">
        {left > 0 && `${left} more took less. `}
        {has_leaves
          ? 'Each moment of the run counts once, for what was waited for then.'
          : 'Requests and tools are not known here: they come from transcripts.'}
      </p>
    </div>
  );
}
