/** `receiver.port` into the text of `spanbook.json`, and out of it again. Its other keys stay as they are. */
import { SpanbookError } from '../errors.ts';
import { changeTo, type FileChange, readIfThere } from './file-plan.ts';
import { append, layoutOf, remove, replace } from './json-splice.ts';
import { parseSettings, propertyOf, valueAt, wrongKind } from './parse-settings.ts';
import { withObject, withoutEmpty } from './settings-objects.ts';

const MODE = 0o600;
const isPort = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;

/**
 * The port that the file names, or null.
 *
 * @throws SpanbookError if the file is no JSON, or has something else there.
 */
export function receiverPortIn(path: string): number | null {
  const receiver = valueAt(parseSettings(textIn(path), path), 'receiver');
  if (receiver && receiver.type !== 'object') throw wrongKind(`${path}: receiver`, 'an object', receiver);
  const port = valueAt(receiver, 'port');
  if (!port) return null;
  if (isPort(port.value)) return port.value;
  throw new SpanbookError('BAD_SETTINGS', `${path}: receiver.port: expected a port, 1 to 65535, got something else`);
}

/** Has the file name this port. A file that is not there is made. */
export function withReceiverPort(path: string, value: number): FileChange[] {
  const text = withObject(textIn(path), path);
  const root = parseSettings(text, path);
  if (!root) return [];
  const layout = layoutOf(text, root);
  const receiver = valueAt(root, 'receiver');
  const port = valueAt(receiver, 'port');
  if (port?.value === value) return [];
  const edited = port
    ? replace(text, port, { value, layout })
    : receiver
      ? append(text, receiver, { key: 'port', value, layout })
      : append(text, root, { key: 'receiver', value: { port: value }, layout });
  return changeTo(path, Buffer.from(edited), MODE);
}

/** Takes this port out of the file, and the file away if nothing else was ever in it. Another port stays. */
export function withoutReceiverPort(path: string, value: number): FileChange[] {
  const text = textIn(path);
  const property = propertyOf(valueAt(parseSettings(text, path), 'receiver'), 'port');
  if (property?.children?.[1]?.value !== value) return [];
  const edited = withoutEmpty(remove(text, property), path, ['receiver']);
  return changeTo(path, /^\s*\{\s*\}\s*$/.test(edited) ? null : Buffer.from(edited));
}

const textIn = (path: string): string => readIfThere(path)?.toString('utf8') ?? '';
