/** Opens an address in the browser of the person. Where there is none, the address has been printed. */
import { spawn } from 'node:child_process';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

export function openBrowser(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
  say: (message: string) => void,
): void {
  const opener = OPENERS[process.platform] ?? (env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : null);
  if (!opener) return;
  const [program = '', ...before] = opener;
  const child = spawn(program, [...before, url], { stdio: 'ignore', detached: true });
  child.on('error', () => say('No browser could be started; open the address yourself.'));
  child.unref();
}
