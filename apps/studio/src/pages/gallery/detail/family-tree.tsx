import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Task } from '../../../api/client.ts';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { useResource } from '../../../api/resource.ts';
import { pagePath } from '../../../app/pages.ts';
import { StatusBadge } from '../../../components/badge.tsx';
import { FailedState, Skeleton } from '../../../components/states.tsx';
import { formatAge } from '../../../i18n/format.ts';
import { taskText } from '../action-text.ts';
import { useDesk } from '../desk.ts';
import { now } from '../store/clock.ts';
import { strings } from '../strings.ts';
import { familyTree, type Member } from './family.ts';
import { readFamily } from './read-family.ts';
import styles from './family-tree.module.css';
import panel from './task-detail.module.css';

const DEEPEST = 6;

/** What a task was made from, and what was made of it; it grows while the page is open. */
export function FamilyTree({ task }: { task: Task }): VNode | null {
  const { feed } = useDesk();
  const { detail } = strings.value;
  const [resource, again] = useResource(`family ${task.id}`, (signal) => readFamily(task, signal));
  const { value, failure } = resource.value;
  useEffect(() => {
    const letGo = (value?.tasks ?? []).map((member) => feed.pin(member));
    return () => letGo.forEach((release) => release());
  }, [value, feed]);
  // Something new was opened: it may be a child of one of these.
  const { opened } = feed;
  useEffect(() => {
    if (opened.value !== null && value?.tasks.some(({ id }) => id === opened.value?.parentId) === true) again();
  }, [opened.value]);
  if (value === null) {
    return failure === null ? <Skeleton height="96px" /> : <FailedState failure={failure} onRetry={again} />;
  }
  const members = familyTree(value.tasks);
  if (members.length < 2) return null;
  return (
    <section class={panel['panel']}>
      <h2>{detail.family}</h2>
      <p class={styles['about']}>{detail.familyText}</p>
      <ul class={styles['tree']}>
        {members.map((member) => (
          <Relative key={member.id} member={member} isShown={member.id === task.id} />
        ))}
      </ul>
      {value.isCut && <p class={styles['about']}>{detail.moreFamily}</p>}
    </section>
  );
}

function Relative({ member: { id, depth }, isShown }: { member: Member; isShown: boolean }): VNode | null {
  const { feed } = useDesk();
  const task = feed.store.get(id)?.value;
  if (task === undefined) return null;
  const { imageUrl, status, submitTime } = task;
  return (
    <li style={{ paddingInlineStart: `${Math.min(depth, DEEPEST) * 20}px` }}>
      <a
        class={`${styles['relative']} ${isShown ? styles['shown'] : ''}`}
        href={pagePath('gallery', id)}
        aria-current={isShown ? 'page' : undefined}
      >
        {imageUrl === '' ? (
          <span class={styles['picture']} />
        ) : (
          <img class={styles['picture']} src={pictureUrl(imageUrl, 128)} alt="" width={40} height={40} loading="lazy" />
        )}
        <span class={styles['text']}>
          <strong class="truncate">{taskText(task)}</strong>
          <span class="soft">{formatAge(submitTime, Math.max(now.value, submitTime))}</span>
        </span>
        {status !== 'SUCCESS' && <StatusBadge status={status} />}
      </a>
    </li>
  );
}
