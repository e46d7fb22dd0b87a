import { defineStrings } from '../../../i18n/strings.ts';

/** Texts of the full view of pictures and videos. */
export const strings = defineStrings({
  en: { title: 'Picture' },
  zh: { title: '图片' },
});
