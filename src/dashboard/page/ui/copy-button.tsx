/** Puts a text where it can be pasted from, and says so. */
import { useState } from 'preact/hooks';

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState('Copy');
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setState('Copied'),
      () => setState('Failed'),
    );
    setTimeout(() => setState('Copy'), 1500);
  };
  return (
    <button type="button" class="small" onClick={copy} aria-label={`${state} ${what}`}>
      {state}
    </button>
  );
}
