import { ArrowUpRight, Download, RotateCcw, X } from 'lucide';
import type { VNode } from 'preact';
import type { Task } from '../../../api/client.ts';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { priceOf } from '../../../app/account.ts';
import { pagePath } from '../../../app/pages.ts';
import { useTimeLeft } from '../../../app/time-left.ts';
import { StatusBadge } from '../../../components/badge.tsx';
import { Button, ButtonLink, IconButton } from '../../../components/button.tsx';
import { Skeleton } from '../../../components/states.tsx';
import { formatCredits, formatSeconds } from '../../../i18n/format.ts';
import { usePrompt } from '../draft/draft.ts';
import { strings } from '../strings.ts';
import { FoundTexts } from './found-texts-list.tsx';
import styles from './sent-card.module.css';
import { dismissSent, isFinished, type SentTask } from './sent-tasks.ts';

/** A task that was just sent: how far it is, and what came of it. */
export function SentCard({ sent: { id, task } }: { sent: SentTask }): VNode {
  const texts = strings.value.sent;
  if (task === null) {
    return (
      <li class={styles['card']}>
        <Skeleton height="220px" />
      </li>
    );
  }
  const file = task.videoUrls?.[0]?.url ?? task.imageUrl;
  const isTextual = task.action === 'DESCRIBE' || task.action === 'SHORTEN';
  return (
    <li class={styles['card']}>
      {!(isTextual && isFinished(task)) && <Stage task={task} />}
      <div class={styles['body']}>
        <div class={styles['line']}>
          <StatusBadge status={task.status} />
          <Note task={task} />
          <IconButton isSmall icon={X} label={texts.dismiss} onClick={() => dismissSent(id)} />
        </div>
        {isTextual && task.status === 'SUCCESS' ? (
          <FoundTexts task={task} />
        ) : (
          task.prompt !== '' && <p class={styles['prompt']}>{task.prompt}</p>
        )}
        {task.status === 'FAILURE' && <p class={styles['reason']}>{reasonOf(task)}</p>}
        <div class={styles['actions']}>
          <ButtonLink isSmall icon={ArrowUpRight} href={pagePath('gallery', id)}>
            {texts.open}
          </ButtonLink>
          {task.status === 'SUCCESS' && file !== '' && !isTextual && (
            <ButtonLink isSmall kind="quiet" icon={Download} href={pictureUrl(file)} download={id}>
              {texts.download}
            </ButtonLink>
          )}
          {task.status === 'FAILURE' && task.prompt !== '' && task.action === 'IMAGINE' && (
            <Button isSmall kind="quiet" icon={RotateCcw} onClick={() => usePrompt(task.prompt)}>
              {texts.again}
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}

/** The picture, the film, or how far it is. */
function Stage({ task }: { task: Task }): VNode {
  const texts = strings.value.sent;
  const [film] = task.videoUrls ?? [];
  if (task.status === 'SUCCESS' && film !== undefined) {
    return (
      <video
        class={styles['film']}
        src={pictureUrl(film.url)}
        poster={task.imageUrl === '' ? undefined : pictureUrl(task.imageUrl, 1024)}
        preload="metadata"
        controls
        loop
        muted
        playsInline
        aria-label={task.prompt}
      />
    );
  }
  const link = pictureUrl(task.imageUrl, 1024);
  const isRunning = !isFinished(task);
  if (task.status === 'FAILURE' || task.status === 'CANCEL') return <></>;
  return (
    <div class={`${styles['stage']} ${isRunning ? styles['running'] : ''}`}>
      {link !== '' && (
        <a href={pagePath('gallery', task.id)} aria-label={texts.open}>
          <img key={link} src={link} alt={task.prompt} onError={({ currentTarget }) => (currentTarget.hidden = true)} />
        </a>
      )}
      {isRunning && (
        <progress class={styles['progress']} max={100} value={percentOf(task)} aria-label={texts.progress}>
          {task.progress}
        </progress>
      )}
    </div>
  );
}

function percentOf({ progress }: Task): number {
  return Number.parseInt(progress, 10) || 0;
}

/** Its place in the queue, how far it is and about how long it still takes, or what it cost. */
function Note({ task }: { task: Task }): VNode {
  const left = useTimeLeft(task, percentOf(task) / 100);
  const parts = [noteOf(task), ...(left === null ? [] : [strings.value.sent.left(formatSeconds(left))])];
  return <span class={styles['note']}>{parts.filter((part) => part !== '').join(' · ')}</span>;
}

function noteOf(task: Task): string {
  const texts = strings.value.sent;
  const { status, queuePosition } = task;
  if (status === 'NOT_START') {
    return queuePosition === null || queuePosition <= 1 ? texts.startsSoon : texts.ahead(queuePosition - 1);
  }
  if (status === 'IN_PROGRESS') return task.progress;
  if (status === 'SUCCESS') return texts.cost(formatCredits(task.cost), task.cost);
  return '';
}

function reasonOf(task: Task): string {
  const texts = strings.value.sent;
  if (task.failure?.refunded !== true) return task.failReason;
  const price = priceOf(task);
  return `${task.failReason} ${price === null || price === 0 ? texts.refunded : texts.refundedAtPrice(formatCredits(price))}`;
}
