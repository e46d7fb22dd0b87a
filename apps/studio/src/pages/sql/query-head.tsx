import { useSignal } from '@preact/signals';
import { Bookmark, BookmarkPlus, Check, Link, SquarePen } from 'lucide';
import type { VNode } from 'preact';
import { pagePath } from '../../app/pages.ts';
import { Button } from '../../components/button.tsx';
import { copyText } from '../../components/copy-button.tsx';
import { strings as common } from '../../components/strings.ts';
import { toast } from '../../components/toasts.tsx';
import { language } from '../../i18n/language.ts';
import { NameDialog } from './queries/name-dialog.tsx';
import { ownQueries, saveQuery } from './queries/own-queries.ts';
import { writeAddress } from './query-address.ts';
import styles from './sql-page.module.css';
import { strings } from './strings.ts';
import type { Workbench } from './workbench.ts';

/** What the query is called and about, and what can be done with it as a whole. */
export function QueryHead({ bench, onNew }: { bench: Workbench; onNew: () => void }): VNode {
  const isNaming = useSignal(false);
  const texts = strings.value;
  const question = bench.question.value;
  const opened = ownQueries.value.find(({ id }) => id === bench.own.value) ?? null;
  const isEmpty = bench.text.value.trim() === '';
  const title = question?.title[language.value] ?? opened?.name ?? texts.newQuery;
  const save = (name: string, id: string | null): void => {
    bench.own.value = saveQuery({ name, sql: bench.text.value, parameters: bench.address().parameters }, id).id;
    toast(texts.saved(name), 'success');
  };
  const isSaved = opened !== null && opened.sql === bench.text.value;
  return (
    <header class={styles['head']}>
      <div class={styles['about']}>
        <h2>{title}</h2>
        <p>{question?.description[language.value] ?? texts.ownSql}</p>
      </div>
      <div class={styles['actions']}>
        <Button isSmall kind="quiet" icon={SquarePen} onClick={onNew}>
          {texts.startNew}
        </Button>
        <ShareButton bench={bench} isEmpty={isEmpty} />
        {opened !== null && question === null && (
          <Button isSmall icon={Bookmark} disabled={isEmpty || isSaved} onClick={() => save(opened.name, opened.id)}>
            {texts.save}
          </Button>
        )}
        <Button isSmall icon={BookmarkPlus} disabled={isEmpty} onClick={() => (isNaming.value = true)}>
          {opened === null ? texts.save : texts.saveAs}
        </Button>
      </div>
      {isNaming.value && (
        <NameDialog
          title={texts.own.saveTitle}
          name={question?.title[language.value] ?? opened?.name ?? ''}
          onClose={() => (isNaming.value = false)}
          onName={(name) => {
            isNaming.value = false;
            save(name, null);
          }}
        />
      )}
    </header>
  );
}

function ShareButton({ bench, isEmpty }: { bench: Workbench; isEmpty: boolean }): VNode {
  const isCopied = useSignal(false);
  const texts = strings.value;
  const share = async (): Promise<void> => {
    const query = writeAddress({ ...bench.address(), own: null });
    if (query === null) return toast(texts.tooLong, 'danger');
    await copyText(location.origin + pagePath('sql') + query);
    isCopied.value = true;
    setTimeout(() => (isCopied.value = false), 1_500);
  };
  return (
    <Button isSmall icon={isCopied.value ? Check : Link} disabled={isEmpty} onClick={() => void share()}>
      {isCopied.value ? common.value.copied : texts.share}
    </Button>
  );
}
