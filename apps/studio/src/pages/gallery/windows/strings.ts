import { defineStrings } from '../../../i18n/strings.ts';

/** Texts of the windows that some buttons open. */
export const strings = defineStrings({
  en: { title: 'Confirm' },
  zh: { title: '确认' },
});
