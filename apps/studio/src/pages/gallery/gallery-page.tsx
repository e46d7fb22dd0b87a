import { useSignal } from '@preact/signals';
import { KeyRound, Sparkles } from 'lucide';
import { useLocation, useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { pagePath } from '../../app/pages.ts';
import { session } from '../../app/session.ts';
import { ButtonLink } from '../../components/button.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { EmptyState } from '../../components/states.tsx';
import { GalleryDeskContext, type GalleryDesk } from './desk.ts';
import { TaskDetail } from './detail/task-detail.tsx';
import { readFilters, type GalleryFilters } from './filters/gallery-filters.ts';
import { GalleryList } from './gallery-list.tsx';
import styles from './gallery-page.module.css';
import { Overlays } from './overlays.tsx';
import { startClock } from './store/clock.ts';
import { feedFor } from './store/current-feed.ts';
import { LiveTasks, type LiveState } from './store/live-tasks.ts';
import { strings } from './strings.ts';

/** The tasks of a key as pictures, and a page for each of them. */
export function GalleryPage(): VNode {
  const { empty, title } = strings.value;
  const keyId = session.value.kind === 'signed-in' ? session.value.session.keyId : null;
  if (keyId === null) {
    return (
      <>
        <PageHead title={title} />
        <EmptyState icon={KeyRound} title={empty.noKeyTitle} text={empty.noKeyText} />
      </>
    );
  }
  return <Gallery key={keyId} keyId={keyId} />;
}

function Gallery({ keyId }: { keyId: string }): VNode {
  const { query } = useLocation();
  const { id } = useRoute().params;
  const filters = useMemo(() => readFilters(query), [query]);
  const feed = useFeed(keyId, filters, id !== undefined);
  const window = useSignal<string | null>(null);
  const viewer = useSignal<{ id: string; at: number } | null>(null);
  const desk = useMemo<GalleryDesk>(() => ({ feed, window, viewer }), [feed]);
  const live = useMemo(() => new LiveTasks({ take: (task) => feed.take(task), catchUp: () => feed.catchUp() }), [feed]);
  useEffect(() => startClock(), []);
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  return (
    <GalleryDeskContext.Provider value={desk}>
      {id === undefined ? (
        <>
          <PageHead title={strings.value.title}>
            <Live state={live.state.value} />
            <ButtonLink kind="primary" icon={Sparkles} href={pagePath('create')}>
              {strings.value.create}
            </ButtonLink>
          </PageHead>
          <GalleryList />
        </>
      ) : (
        <TaskDetail key={id} id={id} />
      )}
      <Overlays />
    </GalleryDeskContext.Provider>
  );
}

/** A task's own page keeps the list that it was opened from. */
function useFeed(keyId: string, filters: GalleryFilters, isDetail: boolean): ReturnType<typeof feedFor> {
  return useMemo(() => feedFor(keyId, isDetail ? null : filters), [keyId, isDetail, JSON.stringify(filters)]);
}

function Live({ state }: { state: LiveState }): VNode {
  return <span class={`${styles['live']} ${styles[state] ?? ''}`}>{strings.value.live[state]}</span>;
}
