/** What is shown to somebody who has no token, or an old one. */
import { useState } from 'preact/hooks';
import { keepToken } from '../net/token.ts';

export function TokenScreen() {
  const [text, setText] = useState('');
  const open = (event: Event): void => {
    event.preventDefault();
    const token = new URLSearchParams(text.slice(text.indexOf('#') + 1)).get('token') ?? text.trim();
    if (token === '') return;
    keepToken(token);
    location.reload();
  };
  return (
    <main id="main" class="token-screen">
      <h1>This page needs its token</h1>
      <p>
        Only who started the dashboard may read it. Its address holds a token, that of the state folder; another folder
        has another one.
      </p>
      <ol>
        <li>
          In a terminal run <code>spanbook dashboard</code> again,
        </li>
        <li>
          open the address that it prints: <code>http://127.0.0.1:…/#token=…</code>
        </li>
      </ol>
      <form onSubmit={open}>
        <label for="token">Or paste the address or the token here</label>
        <div class="row">
          <input
            id="token"
            type="password"
            autocomplete="off"
            value={text}
            onInput={event => setText(event.currentTarget.value)}
          />
          <button type="submit" class="primary">
            Open
          </button>
        </div>
      </form>
    </main>
  );
}
