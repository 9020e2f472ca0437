/** The first thing that somebody sees who has recorded nothing yet. */
export const Welcome = () => (
  <div class="welcome">
    <h2>Nothing is recorded here yet</h2>
    <p>spanbook shows what an agentic pipeline does, while it does it. To let it see something:</p>
    <ol>
      <li>
        <code>spanbook init</code>
        <span>records the next session of Claude Code in this project</span>
      </li>
      <li>
        <code>spanbook import --spans</code>
        <span>takes in the sessions that have been</span>
      </li>
      <li>
        <code>spanbook exec --name build -- make</code>
        <span>records any program</span>
      </li>
    </ol>
    <p class="muted">This page fills by itself as soon as something happens.</p>
  </div>
);
