/** All that is known of one line of the waterfall. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount } from '../../../model/format-amount.ts';
import { formatDuration } from '../../../query/format-duration.ts';
import type { TimelineItem } from '../../../query/runs/run-timeline.ts';
import type { RunAnswer } from '../../answers.ts';
import { costText } from '../ui/amounts.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { shownLines, shownText } from '../ui/shown-text.ts';
import { exactTime, shownClock } from '../ui/shown-time.ts';
import { Kind, Status } from '../ui/status.tsx';

interface ItemDetailProps {
  item: TimelineItem;
  data: RunAnswer;
  now: number;
  onClose: () => void;
}

const LEAVES: readonly string[] = ['chat', 'tool', 'wait'];

export function ItemDetail({ item, data, now, onClose }: ItemDetailProps) {
  const { content } = data;
  const isLeaf = LEAVES.includes(item.kind);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (panel.current) panel.current.scrollTop = 0;
  }, [item.id]);
  return (
    <aside ref={panel} class="detail" aria-label="Details" tabIndex={0}>
      <header>
        <Kind kind={item.kind} />
        <Status status={item.status} />
        <button type="button" class="icon" onClick={onClose} aria-label="Close details" title="Close (Esc)">
          ×
        </button>
      </header>
      <h2>{shownText(item.name, 2000) || '(no name)'}</h2>
      {item.label && <p class="muted">{shownText(item.label, 2000)}</p>}
      {item.error && <pre class="error-text">{shownLines(item.error, 5000)}</pre>}
      <dl class="pairs">
        <Pair name="Took">{formatDuration(Math.max(0, (item.ended_ms ?? now) - item.started_ms))}</Pair>
        <Pair name="Started">{exactTime(item.started_ms)}</Pair>
        <Pair name="Ended">{item.ended_ms === null ? 'still running' : exactTime(item.ended_ms)}</Pair>
      </dl>
      {item.usage && <Usage usage={item.usage} isOwn={isLeaf} />}
      {item.notes.length > 0 && (
        <>
          <h3>Notes</h3>
          <ul class="notes">
            {item.notes.slice(0, 50).map(note => (
              <li key={note.event_id} class={`note-${note.level === 'error' ? 'critical' : note.level}`}>
                <span class="note-mark">{shownText(note.type, 60) || note.level}</span>
                <span class="note-text">{shownText(note.message, 2000)}</span>
                <time class="muted" dateTime={note.at}>
                  {shownClock(note.at)}
                </time>
              </li>
            ))}
          </ul>
        </>
      )}
      {item.attributes && <Attributes attributes={item.attributes} />}
      <h3>Ids</h3>
      <dl class="pairs">
        <Id name={isLeaf ? 'Span' : 'Activity'} id={item.id} />
        {item.parent_id && <Id name="In" id={item.parent_id} />}
        {data.run.trace_id && <Id name="Trace" id={data.run.trace_id} />}
      </dl>
      <h3>Content</h3>
      {content.transcript_path || content.cwd ? (
        <>
          <p class="muted">Prompts and results are not kept here. They lie in:</p>
          <dl class="pairs">
            {content.cwd && <Id name="Folder" id={content.cwd} />}
            {content.transcript_path && <Id name="Transcript" id={content.transcript_path} />}
            {content.agent_transcript_path && <Id name="Of the agent" id={content.agent_transcript_path} />}
          </dl>
        </>
      ) : (
        <p class="muted">Prompts and results are not kept here, and no client said where they are.</p>
      )}
    </aside>
  );
}

const Pair = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Id = ({ name, id }: { name: string; id: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <code>{shownText(id, 300)}</code> <CopyButton text={id} what={name} />
    </dd>
  </div>
);

function Usage({ usage, isOwn }: { usage: NonNullable<TimelineItem['usage']>; isOwn: boolean }) {
  const rows: (readonly [string, number])[] = [
    ['Input', usage.input_tokens],
    ['Output', usage.output_tokens],
    ['Read from cache', usage.cache_read_tokens],
    ['Written, 5 min', usage.cache_write_5m_tokens],
    ['Written, 1 h', usage.cache_write_1h_tokens],
    ['Without a price', usage.unpriced_tokens ?? 0],
  ];
  return (
    <>
      <h3>Usage{!isOwn && <span class="muted">, with all below</span>}</h3>
      <dl class="pairs">
        <Pair name="Cost">{costText(usage)}</Pair>
        {!isOwn && <Pair name="Requests">{formatCount(usage.requests)}</Pair>}
        {rows.map(([name, count]) => count > 0 && <Pair name={name}>{formatCount(count)} tokens</Pair>)}
      </dl>
    </>
  );
}

const MAX_ATTRIBUTES = 80;

function Attributes({ attributes }: { attributes: NonNullable<TimelineItem['attributes']> }) {
  const entries = Object.entries(attributes).slice(0, MAX_ATTRIBUTES);
  if (entries.length === 0) return null;
  return (
    <>
      <h3>Attributes</h3>
      <dl class="pairs attributes">
        {entries.map(([name, value]) => (
          <Pair key={name} name={shownText(name, 120)}>
            {shownText(Array.isArray(value) ? value.slice(0, 20).join(', ') : String(value), 2000)}
          </Pair>
        ))}
      </dl>
    </>
  );
}
