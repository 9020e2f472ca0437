/** Starts the page: takes the token, draws, and follows what changes. */
import { render } from 'preact';
import { App } from './app.tsx';
import { askAgain, askStale } from './net/answers-store.ts';
import { setConnection } from './net/connection.ts';
import { followChanges } from './net/follow-changes.ts';
import { takeToken } from './net/token.ts';
import { followPlace } from './route/place.ts';
import { followTheme } from './ui/theme.ts';

const token = takeToken();
followTheme();
followPlace();
if (token === null) setConnection('unauthorized');
const root = document.getElementById('app');
if (root) render(<App />, root);
if (token !== null) void followChanges(askAgain);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') askStale();
});
// The address of a new start, opened in the tab of the old one, is the same page with another fragment.
addEventListener('hashchange', () => {
  if (location.hash.includes('token=')) location.reload();
});
