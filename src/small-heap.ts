/** For processes that live beside the work of others: less memory for some more time. */
import { setFlagsFromString } from 'node:v8';

/**
 * The engine collects early instead of letting its heap grow. What a relay makes dies at once, so that costs it a
 * quarter of its speed, and spares 50 MiB on Node.js 20 and 150 MiB on 24.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
}
