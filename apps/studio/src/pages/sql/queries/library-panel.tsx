import { useSignal } from '@preact/signals';
import { ChevronDown } from 'lucide';
import type { VNode } from 'preact';
import type { Failure } from '../../../api/failure.ts';
import type { Question } from '../../../api/questions.ts';
import { Icon } from '../../../components/icon.tsx';
import { FailedState, Skeleton } from '../../../components/states.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import type { View } from '../editor/completion.ts';
import { strings } from '../strings.ts';
import { HistoryList } from './history-list.tsx';
import styles from './library-panel.module.css';
import { OwnList } from './own-list.tsx';
import type { OwnQuery } from './own-queries.ts';
import { QuestionList } from './question-list.tsx';
import type { PastRun } from './run-history.ts';
import { ViewList } from './view-list.tsx';

type Shelf = 'questions' | 'own' | 'history' | 'views';

/** What is read from the gateway for the lists. */
interface Loaded<Value> {
  value: Value | null;
  failure: Failure | null;
  again: () => void;
}

/** Everything that a query can be begun from. On a narrow page it is folded away until it is asked for. */
export function LibraryPanel({
  questions,
  views,
  current,
  own,
  hrefOf,
  onOwn,
  onPast,
  onInsert,
}: {
  questions: Loaded<readonly Question[]>;
  views: Loaded<readonly View[]>;
  current: string | null;
  own: string | null;
  hrefOf: (question: Question) => string;
  onOwn: (query: OwnQuery) => void;
  onPast: (run: PastRun) => void;
  onInsert: (text: string) => void;
}): VNode {
  const shelf = useSignal<Shelf>('questions');
  const isOpen = useSignal(false);
  const { library } = strings.value;
  const tabs = (['questions', 'own', 'history', 'views'] as const).map((name) => ({ name, label: library[name] }));
  const shut = (): void => void (isOpen.value = false);
  return (
    <aside class={styles['panel']} aria-label={library.title}>
      <button
        type="button"
        class={styles['fold']}
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        {library.show}
        <Icon node={ChevronDown} />
      </button>
      <div class={styles['shelves']} data-open={isOpen.value}>
        <Tabs label={library.title} tabs={tabs} chosen={shelf.value} onChoose={(name) => (shelf.value = name)}>
          <div class={styles['scroll']} onClick={(event) => event.target instanceof HTMLAnchorElement && shut()}>
            {shelf.value === 'questions' && (
              <Shelved of={questions}>
                <QuestionList questions={questions.value ?? []} current={current} hrefOf={hrefOf} />
              </Shelved>
            )}
            {shelf.value === 'own' && (
              <OwnList
                current={own}
                onOpen={(query) => {
                  shut();
                  onOwn(query);
                }}
              />
            )}
            {shelf.value === 'history' && (
              <HistoryList
                questions={questions.value ?? []}
                onOpen={(run) => {
                  shut();
                  onPast(run);
                }}
              />
            )}
            {shelf.value === 'views' && (
              <Shelved of={views}>
                <ViewList views={views.value ?? []} onInsert={onInsert} />
              </Shelved>
            )}
          </div>
        </Tabs>
      </div>
    </aside>
  );
}

function Shelved({ of: { value, failure, again }, children }: { of: Loaded<unknown>; children: VNode }): VNode {
  if (value !== null) return children;
  if (failure !== null) return <FailedState failure={failure} onRetry={again} />;
  return (
    <div class={styles['loading']}>
      {[0, 1, 2, 3, 4, 5].map((at) => (
        <Skeleton key={at} height="24px" width={`${88 - (at % 3) * 14}%`} />
      ))}
    </div>
  );
}
