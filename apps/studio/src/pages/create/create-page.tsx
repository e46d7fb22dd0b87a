import { useSignal } from '@preact/signals';
import { Image } from 'lucide';
import { useLocation } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { account } from '../../app/account.ts';
import { pagePath } from '../../app/pages.ts';
import { strings as frameStrings } from '../../app/strings.ts';
import { PageHead } from '../../components/page-head.tsx';
import { EmptyState } from '../../components/states.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { toast } from '../../components/toasts.tsx';
import { Composer } from './composer.tsx';
import styles from './create-page.module.css';
import { arrive, bringsSomething } from './draft/arrival.ts';
import { draft, kindNow } from './draft/draft.ts';
import { openDraft } from './draft/draft-store.ts';
import { KIND_NAMES, KINDS, type KindName } from './kinds.ts';
import { pastePictures } from './paste-pictures.ts';
import { faultText } from './pictures/fault-text.ts';
import { bodyNow } from './request/request-now.ts';
import { RequestPanel } from './request/request-panel.tsx';
import { SentList } from './sent/sent-list.tsx';
import { sentTasks } from './sent/sent-tasks.ts';
import { strings } from './strings.ts';

const WIDE = '(width >= 1200px)';

/** Pictures, films and texts are made here; what was just sent is seen at once. */
export function CreatePage(): VNode {
  const texts = strings.value;
  const isOpen = useOpenDraft();
  const results = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      void pastePictures(event).then((faults) => faults.forEach((fault) => toast(faultText(fault), 'danger')));
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);
  const kind = kindNow.value;
  const kinds = allowedKinds();
  const isWide = useIsWide();
  const sent = (
    <div ref={results}>
      <SentList />
    </div>
  );
  const toResults = (): void => {
    // Beside the form they are seen already; below it they are not.
    if (!isWide) results.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  };
  return (
    <>
      <PageHead title={frameStrings.value.pages.create} />
      {isOpen && (
        <Tabs
          label={texts.kinds}
          tabs={kinds.map((name) => ({ name, label: texts.kind[name], icon: KINDS[name].icon }))}
          chosen={kind.name}
          onChoose={(name) => (draft.kind.value = name)}
        >
          <div class={styles['layout']}>
            <Composer key={kind.name} results={isWide ? undefined : sent} onSent={toResults} />
            <div class={styles['side']}>
              {isWide && (sentTasks.value.length > 0 ? sent : <NothingSent />)}
              <RequestPanel
                path={kind.path}
                body={bodyNow.value}
                idempotencyKey={draft.settings.value.idempotencyKey}
              />
            </div>
          </div>
        </Tabs>
      )}
    </>
  );
}

/** Opens the draft, with what the page's address brings, which is taken out of it. */
function useOpenDraft(): boolean {
  const { query, route } = useLocation();
  const isOpen = useSignal(false);
  useEffect(() => {
    const open = async (): Promise<void> => {
      await openDraft();
      isOpen.value = true;
      if (!bringsSomething(query)) return;
      const isWhole = arrive(query);
      route(pagePath('create'), true);
      if (!(await isWhole)) toast(strings.value.pictures.fromGallery, 'danger');
    };
    void open();
  }, [query['mode'], query['prompt'], query['image']]);
  return isOpen.value;
}

/** Kinds that the key may use; the chosen one stays, so that its draft is not lost from sight. */
function allowedKinds(): readonly KindName[] {
  const actions: readonly string[] | null = account.value?.actions ?? null;
  if (actions === null) return KIND_NAMES;
  return KIND_NAMES.filter((name) => name === draft.kind.value || actions.includes(KINDS[name].action));
}

function NothingSent(): VNode {
  const { title, text } = strings.value.empty;
  return (
    <div class={styles['empty']}>
      <EmptyState icon={Image} title={title} text={text} />
    </div>
  );
}

/** Whether results have room beside the form; the same width as in the style sheet. */
function useIsWide(): boolean {
  const isWide = useSignal(matchMedia(WIDE).matches);
  useEffect(() => {
    const media = matchMedia(WIDE);
    const note = (): void => void (isWide.value = media.matches);
    media.addEventListener('change', note);
    return () => media.removeEventListener('change', note);
  }, []);
  return isWide.value;
}
