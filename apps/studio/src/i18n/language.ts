import { signal } from '@preact/signals';
import { readPreference, writePreference } from '../app/stored-preference.ts';

/** Languages of Studio. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

const NAME = 'journeyman.language';
const TAG: Record<Language, string> = { en: 'en', zh: 'zh-CN' };

function initialLanguage(): Language {
  const stored = readPreference(NAME);
  if (stored === 'en' || stored === 'zh') return stored;
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

/** The language that is shown; what reads it is drawn again when it changes. */
export const language = signal<Language>(initialLanguage());

/** Shows another language from now on, also after a reload. */
export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = TAG[chosen];
  writePreference(NAME, chosen);
}

/** The BCP 47 tag of the language that is shown, for dates and numbers. */
export function locale(): string {
  return TAG[language.value];
}
