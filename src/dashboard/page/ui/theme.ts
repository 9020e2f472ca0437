/** Light, dark, or as the system has it. */
import { makeSignal } from '../net/make-signal.ts';

export type ThemeChoice = 'auto' | 'light' | 'dark';

const KEY = 'spanbook-theme';
const CHOICES: readonly ThemeChoice[] = ['auto', 'light', 'dark'];
const system = matchMedia('(prefers-color-scheme: dark)');

function kept(): ThemeChoice {
  try {
    const text = localStorage.getItem(KEY) as ThemeChoice;
    return CHOICES.includes(text) ? text : 'auto';
  } catch {
    return 'auto';
  }
}

const choice = makeSignal<ThemeChoice>(kept());
const shown = makeSignal<'light' | 'dark'>('light');

export const useThemeChoice = choice.use;
/** What is shown, for what cannot be told by CSS. */
export const useTheme = shown.use;

export function nextTheme(): void {
  const next = CHOICES[(CHOICES.indexOf(choice.now()) + 1) % CHOICES.length] ?? 'auto';
  choice.set(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // It holds until the page is left.
  }
  apply();
}

export function followTheme(): void {
  system.addEventListener('change', apply);
  apply();
}

function apply(): void {
  const theme = choice.now() === 'auto' ? (system.matches ? 'dark' : 'light') : choice.now();
  shown.set(theme === 'dark' ? 'dark' : 'light');
  document.documentElement.dataset.theme = theme;
}
