import { useSignal } from '@preact/signals';
import { ArrowLeft, SearchX } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { call, type Task } from '../../../api/client.ts';
import { useResource } from '../../../api/resource.ts';
import { pagePath } from '../../../app/pages.ts';
import { StatusBadge } from '../../../components/badge.tsx';
import { ButtonLink } from '../../../components/button.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { EmptyState, FailedState, Skeleton } from '../../../components/states.tsx';
import { TaskButtons } from '../actions/task-buttons.tsx';
import { TaskTools } from '../actions/task-tools.tsx';
import { taskText } from '../action-text.ts';
import { useDesk } from '../desk.ts';
import { filterQuery } from '../filters/gallery-filters.ts';
import { strings } from '../strings.ts';
import { DetailStage } from './detail-stage.tsx';
import { FamilyTree } from './family-tree.tsx';
import { PromptPanel } from './prompt-panel.tsx';
import styles from './task-detail.module.css';
import { TaskFacts } from './task-facts.tsx';

/** A task's own page: it can be linked to, and works for tasks that are on no list. */
export function TaskDetail({ id }: { id: string }): VNode {
  const { feed } = useDesk();
  const isThere = useSignal(false);
  const [resource, again] = useResource(`task ${id}`, (signal) =>
    call<Task>('GET', `/mj/task/${encodeURIComponent(id)}/fetch`, { signal }),
  );
  const { value, failure } = resource.value;
  useEffect(() => {
    window.scrollTo({ top: 0 });
  }, []);
  useEffect(() => {
    if (value === null) return;
    const letGo = feed.pin(value);
    isThere.value = true;
    return letGo;
  }, [value, feed]);
  const task = (isThere.value ? feed.store.get(id)?.value : undefined) ?? feed.store.get(id)?.value;
  const { detail } = strings.value;
  const back = `${pagePath('gallery')}${filterQuery(feed.filters)}`;
  if (task !== undefined) return <Detail task={task} back={back} />;
  if (failure === null) return <Waiting />;
  const isUnknown = failure.name === 'task_no_found';
  return (
    <>
      <PageHead title={strings.value.title} />
      {isUnknown ? (
        <EmptyState icon={SearchX} title={detail.unknownTitle} text={detail.unknownText}>
          <ButtonLink kind="primary" icon={ArrowLeft} href={back}>
            {detail.back}
          </ButtonLink>
        </EmptyState>
      ) : (
        <FailedState failure={failure} onRetry={again} />
      )}
    </>
  );
}

function Detail({ task, back }: { task: Task; back: string }): VNode {
  const { detail } = strings.value;
  return (
    <>
      <p class={styles['back']}>
        <ButtonLink kind="quiet" isSmall icon={ArrowLeft} href={back}>
          {detail.back}
        </ButtonLink>
      </p>
      <PageHead title={taskText(task)}>
        <StatusBadge status={task.status} />
      </PageHead>
      <div class={styles['columns']}>
        <div class={styles['main']}>
          <DetailStage task={task} />
          <TaskTools task={task} />
        </div>
        <div class={styles['side']}>
          {task.buttons !== null && task.buttons.length > 0 && (
            <section class={styles['panel']}>
              <h2>{detail.actions}</h2>
              <TaskButtons task={task} />
            </section>
          )}
          <PromptPanel task={task} />
          <FamilyTree task={task} />
          <TaskFacts task={task} />
        </div>
      </div>
    </>
  );
}

function Waiting(): VNode {
  return (
    <>
      <PageHead title={strings.value.title} />
      <div class={styles['columns']}>
        <Skeleton height="60vh" />
        <Skeleton height="40vh" />
      </div>
    </>
  );
}
