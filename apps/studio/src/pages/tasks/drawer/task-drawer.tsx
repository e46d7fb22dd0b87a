import { useSignal } from '@preact/signals';
import { ChevronDown, ChevronUp } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useResource } from '../../../api/resource.ts';
import { IconButton } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { EmptyState, FailedState, Skeleton } from '../../../components/states.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import { CallsTab } from './calls-tab.tsx';
import { pauseOf, readDossier, type Dossier } from './dossier.ts';
import { HooksTab } from './hooks-tab.tsx';
import { LedgerTab } from './ledger-tab.tsx';
import { RawTab } from './raw-tab.tsx';
import { strings } from './strings.ts';
import styles from './task-drawer.module.css';
import { TaskSummary } from './task-summary.tsx';
import { TimelineTab } from './timeline-tab.tsx';

const TABS = ['timeline', 'calls', 'hooks', 'ledger', 'raw'] as const;
type TabName = (typeof TABS)[number];

/** Everything about one task, over the table that it was opened from; it follows the task while that is under way. */
export function TaskDrawer({
  id,
  beside,
  onShow,
  onClose,
  onChanged,
}: {
  id: string;
  /** Ids of the table, in its order. */
  beside: readonly string[];
  onShow: (id: string) => void;
  onClose: () => void;
  /** Called after an admin has changed the task. */
  onChanged: () => void;
}): VNode {
  const texts = strings.value;
  const tab = useSignal<TabName>('timeline');
  const [resource, refresh] = useResource(id, (signal) => readDossier(id, signal), { everyMs: pauseOf });
  const { value, failure } = resource.value;
  const changed = (): void => {
    refresh();
    onChanged();
  };
  return (
    <Dialog title={texts.title(id)} shape="drawer" onClose={onClose}>
      <Beside id={id} beside={beside} onShow={onShow} />
      {value !== null && value.task.id === id ? (
        <div class={styles['content']}>
          <TaskSummary dossier={value} onChanged={changed} />
          <div>
            <Tabs<TabName>
              label={texts.tabs.label}
              tabs={TABS.map((name) => ({ name, label: texts.tabs[name] }))}
              chosen={tab.value}
              onChoose={(name) => (tab.value = name)}
            >
              <div class={styles['panel']}>{panelOf(tab.value, value, changed)}</div>
            </Tabs>
          </div>
        </div>
      ) : failure === null ? (
        <Places />
      ) : failure.status === 404 ? (
        <EmptyState title={texts.notFound} text={id} />
      ) : (
        <FailedState failure={failure} onRetry={refresh} />
      )}
    </Dialog>
  );
}

function panelOf(tab: TabName, dossier: Dossier, onChanged: () => void): VNode {
  switch (tab) {
    case 'timeline':
      return <TimelineTab dossier={dossier} />;
    case 'calls':
      return <CallsTab dossier={dossier} />;
    case 'hooks':
      return <HooksTab dossier={dossier} onChanged={onChanged} />;
    case 'ledger':
      return <LedgerTab dossier={dossier} />;
    case 'raw':
      return <RawTab dossier={dossier} />;
  }
}

/** Goes to the tasks above and below in the table; also by the keys K and J. */
function Beside({
  id,
  beside,
  onShow,
}: {
  id: string;
  beside: readonly string[];
  onShow: (id: string) => void;
}): VNode | null {
  const texts = strings.value;
  const at = beside.indexOf(id);
  const isFirst = at === 0;
  const isLast = at === beside.length - 1;
  // A key may be pressed again before the page has drawn what the last press led to.
  const latest = useRef({ id, beside, onShow });
  latest.current = { id, beside, onShow };
  const go = (by: 1 | -1): void => {
    const { current: now } = latest;
    const from = now.beside.indexOf(now.id);
    const target = from === -1 ? undefined : now.beside[from + by];
    if (target === undefined) return;
    latest.current = { ...now, id: target };
    now.onShow(target);
  };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'k') go(-1);
      if (event.key === 'j') go(1);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  if (at === -1) return null;
  return (
    <div class={styles['beside']} role="group" aria-label={texts.beside}>
      <IconButton isSmall icon={ChevronUp} label={`${texts.newer} (K)`} disabled={isFirst} onClick={() => go(-1)} />
      <IconButton isSmall icon={ChevronDown} label={`${texts.older} (J)`} disabled={isLast} onClick={() => go(1)} />
    </div>
  );
}

function Places(): VNode {
  return (
    <div class={styles['content']} aria-busy="true">
      <Skeleton height="96px" />
      <Skeleton height="56px" />
      <Skeleton height="120px" />
      <Skeleton height="240px" />
    </div>
  );
}
