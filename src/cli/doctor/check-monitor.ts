/** Is the monitor that says that it runs still there? */
import { readFileSync } from 'node:fs';
import { object } from '../../claude-code/payload.ts';
import { systemErrorCode } from '../../errors.ts';
import { shellWord } from '../shell-word.ts';
import { bad, type Finding, ok } from './check.ts';
import type { Examination } from './examination.ts';

export function checkMonitor({ recorded }: Examination): Finding {
  const path = `${recorded.path}/monitor.json`;
  const fix = `rm ${shellWord(path)}`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok('not running; hooks and queries keep the files up to date');
    throw error;
  }
  const pid = pidIn(text);
  if (pid === null) return bad('warning', `${path} names no process`, fix);
  return isAlive(pid)
    ? ok(`running as process ${pid}`)
    : bad('warning', `${path} names process ${pid}, which is gone`, fix);
}

function pidIn(text: string): number | null {
  try {
    const value = object(JSON.parse(text));
    const pid = value.pid ?? object(value.process).pid;
    return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
