/** `mcp`: answers the questions of an agent about its own pipeline. */
import { resolve } from 'node:path';
import { serveMcp } from '../../mcp/serve-mcp.ts';
import { Tools } from '../../mcp/tools.ts';
import type { CommandCall } from '../command-spec.ts';
import { VERSION } from '../version.ts';

export async function run(call: CommandCall): Promise<null> {
  const stateDir = resolve(call.context.cwd, call.stateDir);
  await serveMcp(new Tools({ ...call, stateDir }), VERSION);
  return null;
}
