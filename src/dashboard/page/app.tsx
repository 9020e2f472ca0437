/** The frame of all views: where one can go, whether it is live, and the view itself. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { HealthView } from './health/health-view.tsx';
import { useConnection } from './net/connection.ts';
import { NowView } from './now/now-view.tsx';
import { parseRoute, type Route } from './route/parse-route.ts';
import { usePlace } from './route/place.ts';
import { RunView } from './run/run-view.tsx';
import { RunsView } from './runs/runs-view.tsx';
import { HelpDialog } from './ui/help-dialog.tsx';
import { followKeys } from './ui/keys.ts';
import { nextTheme, useThemeChoice } from './ui/theme.ts';
import { TokenScreen } from './ui/token-screen.tsx';
import { UsageView } from './usage/usage-view.tsx';

const VIEWS = [
  { path: '/now', name: 'Now', views: ['now'] },
  { path: '/runs', name: 'Runs', views: ['runs', 'run'] },
  { path: '/usage', name: 'Usage', views: ['usage'] },
  { path: '/health', name: 'Health', views: ['health'] },
];
const TITLES: Record<Route['view'], string> = {
  now: 'Now',
  runs: 'Runs',
  run: 'Run',
  usage: 'Usage',
  health: 'Health',
  unknown: 'Not found',
};

export function App() {
  const { path } = usePlace();
  const connection = useConnection();
  const [hasHelp, setHelp] = useState(false);
  const route = parseRoute(path);
  const isFirst = useRef(true);
  // Whoever reads by ear or goes by keys begins at the new view.
  useEffect(() => {
    if (!isFirst.current) document.getElementById('main')?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [path]);
  useEffect(() => followKeys({ showHelp: () => setHelp(true) }), []);
  useEffect(() => {
    document.title = `${TITLES[route.view]} · spanbook`;
  }, [route.view]);
  if (connection === 'unauthorized') return <TokenScreen />;
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href="/now">
          <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
            <rect x="1" y="2" width="14" height="3" rx="1.5" />
            <rect x="4" y="6.5" width="7" height="3" rx="1.5" />
            <rect x="7" y="11" width="8" height="3" rx="1.5" />
          </svg>
          spanbook
        </a>
        <nav aria-label="Views">
          {VIEWS.map(({ path: to, name, views }) => (
            <a key={to} href={to} aria-current={views.includes(route.view) ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div class="tools">
          <Live />
          <ThemeSwitch />
          <button type="button" class="icon" onClick={() => setHelp(true)} aria-label="Keys" title="Keys (?)">
            ?
          </button>
        </div>
      </header>
      {connection === 'lost' && (
        <div class="lost" role="alert">
          Not connected, trying again. What is shown may be old.
        </div>
      )}
      <View route={route} />
      {hasHelp && <HelpDialog onClose={() => setHelp(false)} />}
    </>
  );
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'now':
      return <NowView />;
    case 'runs':
      return <RunsView />;
    case 'run':
      return <RunView key={route.id} id={route.id} />;
    case 'usage':
      return <UsageView />;
    case 'health':
      return <HealthView />;
    default:
      return (
        <main id="main" class="view" tabIndex={-1}>
          <h1>There is nothing at this address</h1>
          <p>
            <a href="/now">What runs now</a>, <a href="/runs">all runs</a>
          </p>
        </main>
      );
  }
}

function Live() {
  const connection = useConnection();
  const word = connection === 'live' ? 'Live' : connection === 'lost' ? 'Offline' : 'Connecting';
  return (
    <span class={`live live-${connection}`} role="status">
      <span class="dot" aria-hidden="true" />
      {word}
    </span>
  );
}

const THEME_MARKS = { auto: '◐', light: '☀', dark: '☾' };

function ThemeSwitch() {
  const choice = useThemeChoice();
  return (
    <button
      type="button"
      class="icon"
      onClick={nextTheme}
      aria-label={`Colours: ${choice}`}
      title={`Colours: ${choice}`}
    >
      <span aria-hidden="true">{THEME_MARKS[choice]}</span>
    </button>
  );
}
