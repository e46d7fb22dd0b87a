import { computed, type ReadonlySignal } from '@preact/signals';
import { language, type Language } from './language.ts';

/** What a string may be: a text, a sentence with values in it, or a group of them. */
interface Group {
  [name: string]: string | ((...values: never[]) => string) | Group;
}

/** The same names as `Shape`, with texts of another language. */
export type Translated<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends string
    ? string
    : Shape[Name] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Translated<Shape[Name]>;
};

/**
 * The texts of one part of Studio in both languages, side by side. The compiler refuses a name that one of them lacks.
 *
 * @returns the texts of the language that is shown: `strings.value.title`
 */
export function defineStrings<Shape extends Group>(texts: {
  en: Shape;
  zh: Translated<Shape>;
}): ReadonlySignal<Translated<Shape>> {
  const byLanguage: Record<Language, Translated<Shape>> = {
    en: texts.en as unknown as Translated<Shape>,
    zh: texts.zh,
  };
  return computed(() => byLanguage[language.value]);
}
