import { defineStrings } from '../../../i18n/strings.ts';

/** Texts of forms of this page. */
export const strings = defineStrings({
  en: {
    typeName: (name: string) => `Type “${name}” to confirm`,
    all: 'All',
    some: 'Only these',
    allOf: (what: string) => `${what}: which`,
    noneChosen: 'Choose one at least.',
  },
  zh: {
    typeName: (name) => `输入“${name}”以确认`,
    all: '全部',
    some: '仅限以下',
    allOf: (what) => `${what}：范围`,
    noneChosen: '请至少选择一项。',
  },
});
