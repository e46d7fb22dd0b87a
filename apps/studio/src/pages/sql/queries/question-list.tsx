import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Question } from '../../../api/questions.ts';
import { TextField } from '../../../components/field.tsx';
import { language } from '../../../i18n/language.ts';
import { strings } from '../strings.ts';
import styles from './library.module.css';

/** The questions of the catalogue by group. @param hrefOf address of one, also for a tab of its own */
export function QuestionList({
  questions,
  current,
  hrefOf,
}: {
  questions: readonly Question[];
  current: string | null;
  hrefOf: (question: Question) => string;
}): VNode {
  const search = useSignal('');
  const { library, groups } = strings.value;
  const found = questions.filter((question) => isMatch(question, search.value));
  const shown = [...new Set(found.map(({ group }) => group))];
  return (
    <>
      <div class={styles['search']}>
        <TextField
          label={library.search}
          isLabelHidden
          type="search"
          placeholder={library.search}
          value={search.value}
          onChange={(text) => (search.value = text)}
        />
      </div>
      {found.length === 0 && questions.length > 0 && <p class={styles['none']}>{library.nothing}</p>}
      {shown.map((group) => (
        <section key={group}>
          <h2 class={styles['group']}>{groups[group]}</h2>
          <ul class={styles['list']}>
            {found
              .filter((question) => question.group === group)
              .map((question) => (
                <li key={question.name} class={styles['entry']} data-current={question.name === current}>
                  <a
                    class={styles['open']}
                    href={hrefOf(question)}
                    title={question.description[language.value]}
                    aria-current={question.name === current ? 'true' : undefined}
                  >
                    {question.title[language.value]}
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** Whether every word of the search is somewhere in a question, in either language or in its SQL. */
function isMatch({ name, title, description, sql }: Question, search: string): boolean {
  const text = [name, title.en, title.zh, description.en, description.zh, sql].join('\n').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
