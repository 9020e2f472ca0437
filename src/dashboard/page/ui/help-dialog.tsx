/** What keys do. */
import { useEffect, useRef } from 'preact/hooks';

const KEYS: readonly (readonly [string, string])[] = [
  ['g then n, r, u, h', 'go to Now, Runs, Usage, Health'],
  ['/', 'search'],
  ['j, k', 'next and previous row of a list'],
  ['Enter', 'open it, or show its details'],
  ['← →', 'fold and unfold in a run'],
  ['+ −', 'zoom in and out in a run'],
  ['f', 'show the whole run'],
  ['Esc', 'close details, leave the search'],
  ['?', 'this list'],
];

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <header>
        <h2 id="help-title">Keys</h2>
        <form method="dialog">
          <button type="submit">Close</button>
        </form>
      </header>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
