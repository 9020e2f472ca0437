/** The folder of the client's own files. */
export const claudeDir = (env: Record<string, string | undefined>): string =>
  env.CLAUDE_CONFIG_DIR || `${env.HOME ?? ''}/.claude`;
