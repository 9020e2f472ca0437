/** Where the client has the settings of whoever manages the machine. */

const PATHS: Readonly<Record<string, string>> = {
  darwin: '/Library/Application Support/ClaudeCode/managed-settings.json',
  win32: 'C:\\Program Files\\ClaudeCode\\managed-settings.json',
};

export const MANAGED_SETTINGS = PATHS[process.platform] ?? '/etc/claude-code/managed-settings.json';
