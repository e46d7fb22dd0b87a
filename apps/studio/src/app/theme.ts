import { signal } from '@preact/signals';
import { readPreference, writePreference } from './stored-preference.ts';

/** `system` follows the browser. */
export type Theme = 'system' | 'light' | 'dark';

const NAME = 'journeyman.theme';

function initialTheme(): Theme {
  const stored = readPreference(NAME);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** The theme that was chosen. */
export const theme = signal<Theme>(initialTheme());

/** Shows another theme from now on, also after a reload. */
export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
  writePreference(NAME, chosen === 'system' ? null : chosen);
}
