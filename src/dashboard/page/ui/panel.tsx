/** A part of a view with a heading, and what stands in its place while there is nothing to show. */
import type { ComponentChildren } from 'preact';
import type { AskError } from '../net/ask.ts';

interface PanelProps {
  title: string;
  id: string;
  /** Beside the heading. */
  aside?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}

export const Panel = ({ title, id, aside, children, class: name = '' }: PanelProps) => (
  <section class={`panel ${name}`} aria-labelledby={id}>
    <header class="panel-head">
      <h2 id={id}>{title}</h2>
      {aside && <div class="panel-aside">{aside}</div>}
    </header>
    {children}
  </section>
);

export const Loading = ({ what }: { what: string }) => (
  <div class="loading" role="status">
    <span class="sr-only">Loading {what}…</span>
    <span class="bar" />
    <span class="bar" />
    <span class="bar" />
  </div>
);

export const Failure = ({ error }: { error: AskError }) => (
  <div class="failure" role="alert">
    <strong>{error.status === 404 ? 'Not found' : 'That did not work'}</strong>
    <p>{error.message}</p>
  </div>
);

export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;
