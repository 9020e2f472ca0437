/** A suite that needs a real Jaeger; skipped where there is none. */
import { describe, inject } from 'vitest';

export function describeJaeger(title: string, suite: () => void): void {
  describe.skipIf(inject('jaeger').path === null)(title, suite);
}
