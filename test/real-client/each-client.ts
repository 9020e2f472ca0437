/** A suite for each version of the client; skipped for those that could not be installed. */
import { describe, inject } from 'vitest';

export interface InstalledClient {
  version: string;
  path: string;
}

export function eachClient(title: string, suite: (client: InstalledClient) => void): void {
  for (const { version, path } of inject('clients')) {
    describe.skipIf(path === null)(`${title}, client ${version}`, () => suite({ version, path: path ?? '' }));
  }
}
