import { Images, ListTree } from 'lucide';
import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { pictureUrl } from '../../../api/gateway-url.ts';
import { pagePath } from '../../../app/pages.ts';
import { ButtonLink } from '../../../components/button.tsx';
import { CopyButton } from '../../../components/copy-button.tsx';
import { formatCredits, formatTime } from '../../../i18n/format.ts';
import { TaskStatus } from '../table/columns.tsx';
import { RelativeTime } from '../table/relative-time.tsx';
import { tablePath, taskPath } from '../table/task-link.ts';
import { wordOf } from '../../../components/words.ts';
import { AdminActions } from './admin-actions.tsx';
import type { Dossier } from './dossier.ts';
import { situationOf } from './situation.ts';
import { strings as situations } from './situation-strings.ts';
import { strings } from './strings.ts';
import styles from './task-summary.module.css';

/** The head of a drawer: what the task is, how it stands, its names to copy, and what can be done with it. */
export function TaskSummary({ dossier, onChanged }: { dossier: Dossier; onChanged: () => void }): VNode {
  const texts = strings.value;
  const { task } = dossier;
  const situation = situationOf(dossier, Date.now());
  return (
    <section class={styles['summary']} aria-label={texts.facts}>
      <div class={styles['top']}>
        <Picture dossier={dossier} />
        <div class={styles['main']}>
          <p class={styles['line']}>
            <TaskStatus task={task} />
            <span class="soft">
              {wordOf(task.action)} · {wordOf(task.mode)} · <RelativeTime at={task.submittedAt} />
            </span>
          </p>
          <p class={styles['prompt']}>{task.prompt === '' ? texts.noPrompt : task.prompt}</p>
        </div>
      </div>
      <div class={`${styles['situation']} ${styles[situation.tone]}`} role="group" aria-label={situations.value.label}>
        <p role="status">{situation.text}</p>
        {situation.next !== null && <p class={styles['next']}>{situation.next}</p>}
      </div>
      <Facts dossier={dossier} />
      <div class={styles['actions']}>
        <ButtonLink isSmall icon={Images} href={pagePath('gallery', task.id)}>
          {texts.toGallery}
        </ButtonLink>
        <ButtonLink isSmall icon={ListTree} href={tablePath(`?parentId=${task.id}`)}>
          {texts.children}
        </ButtonLink>
        <AdminActions dossier={dossier} onChanged={onChanged} />
      </div>
    </section>
  );
}

function Picture({ dossier: { task } }: { dossier: Dossier }): VNode | null {
  const broken = useSignal('');
  const source = pictureUrl(task.imageUrl, 256);
  if (source === '' || broken.value === source) return null;
  return (
    <a class={styles['picture']} href={pagePath('gallery', task.id)}>
      <img src={source} alt={strings.value.pictureOf(task.prompt)} onError={() => (broken.value = source)} />
    </a>
  );
}

function Facts({ dossier: { task } }: { dossier: Dossier }): VNode {
  const texts = strings.value;
  const { parentId, aliasOf, upstreamName, upstreamTaskId, keyName, keyId, state, requestId } = task;
  const link = (id: string): ComponentChildren => (
    <a class="mono" href={taskPath(id, '')}>
      {id}
    </a>
  );
  return (
    <dl class={styles['facts']}>
      <Fact label={texts.id} copied={task.id}>
        <span class="mono">{task.id}</span>
      </Fact>
      <Fact label={texts.submitted}>{formatTime(task.submittedAt)}</Fact>
      <Fact label={texts.key}>{keyName === '' ? `#${keyId}` : keyName}</Fact>
      <Fact label={texts.upstream}>{upstreamName ?? '–'}</Fact>
      <Fact label={texts.credits}>{texts.creditsOf(formatCredits(task.cost), formatCredits(task.price))}</Fact>
      {upstreamTaskId !== null && (
        <Fact label={texts.upstreamTask} copied={upstreamTaskId}>
          <span class="mono">{upstreamTaskId}</span>
        </Fact>
      )}
      <Fact label={texts.request} copied={requestId}>
        <span class="mono">{requestId}</span>
      </Fact>
      {state !== '' && (
        <Fact label={texts.state} copied={state}>
          {state}
        </Fact>
      )}
      {parentId !== null && <Fact label={texts.parent}>{link(parentId)}</Fact>}
      {aliasOf !== null && <Fact label={texts.alias}>{link(aliasOf)}</Fact>}
    </dl>
  );
}

function Fact({ label, copied, children }: { label: string; copied?: string; children: ComponentChildren }): VNode {
  return (
    <div class={styles['fact']}>
      <dt>{label}</dt>
      <dd>
        <span class={styles['value']}>{children}</span>
        {copied !== undefined && copied !== '' && <CopyButton text={copied} name={strings.value.copyOf(label)} />}
      </dd>
    </div>
  );
}
