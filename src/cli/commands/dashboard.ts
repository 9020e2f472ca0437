/** `dashboard`: serves the page until the person has seen enough. */
import { resolve } from 'node:path';
import { claudeDir } from '../../claude-code/claude-dir.ts';
import { accessToken } from '../../dashboard/access-token.ts';
import { Dashboard } from '../../dashboard/dashboard.ts';
import { serveDashboard } from '../../dashboard/serve-dashboard.ts';
import { type CommandCall, numberOption, textOption } from '../command-spec.ts';
import { freePort } from '../free-port.ts';
import { openBrowser } from '../open-browser.ts';
import { VERSION } from '../version.ts';

const FIRST_PORT = 4747;
/** How long after a signal it may go on. */
const LOOK_MILLIS = 500;

export async function run(call: CommandCall): Promise<null> {
  const { context, options, json, say } = call;
  const stateDir = resolve(context.cwd, call.stateDir);
  const dashboard = new Dashboard({
    call: { ...call, stateDir },
    claudeDirs: [resolve(context.cwd, textOption(call, 'claudeDir') ?? claudeDir(context.env))],
    version: VERSION,
    pageDir: context.pageDir,
  });
  const stopped = stopSignal();
  const token = accessToken(stateDir);
  const port = numberOption(call, 'port') ?? (await freePort(FIRST_PORT));
  const served = await serveDashboard(dashboard, { port, token });
  const url = `http://127.0.0.1:${served.port}/#token=${token}`;
  context.stdout.write(json ? `${JSON.stringify({ schema_version: '1.0.0', url, pid: process.pid })}\n` : `${url}\n`);
  if (!json) say('The page is for you alone: the address holds its key. Press Ctrl-C to end.');
  if (options.open !== false && !json && context.isTty) openBrowser(url, context.env, say);
  while (!stopped.aborted && (await context.pause(LOOK_MILLIS)));
  await served.close();
  return null;
}

/** Aborted when somebody asks this process to end, from now on. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
