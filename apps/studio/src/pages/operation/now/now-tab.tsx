import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { useResource } from '../../../api/resource.ts';
import { pagePath } from '../../../app/pages.ts';
import { ButtonLink } from '../../../components/button.tsx';
import { QuestionPanel } from '../../../components/results/question-panel.tsx';
import { ShowSql } from '../../../components/show-sql.tsx';
import { EmptyState, FailedState, Skeleton } from '../../../components/states.tsx';
import { formatTime } from '../../../i18n/format.ts';
import styles from '../operation-page.module.css';
import { readHouse } from './house.ts';
import { strings } from './strings.ts';
import { Tiles } from './tiles.tsx';
import { UpstreamStates } from './upstream-states.tsx';
import { VerdictList } from './verdict-list.tsx';
import { verdictsOf } from './verdicts.ts';

const EVERY_MS = 5_000;
const CHART_MS = 20_000;
const HOUR_MS = 3_600_000;

/** What happens in the gateway now: what is wrong first, then its numbers and its upstreams. */
export function NowTab(): VNode {
  const texts = strings.value;
  const [reading, again] = useResource('now', readHouse, { everyMs: EVERY_MS });
  const readAt = useRef({ of: reading.value.value, at: 0 });
  const { value, failure } = reading.value;
  if (readAt.current.of !== value) readAt.current = { of: value, at: Date.now() };
  if (value === null) return failure === null ? <Places /> : <FailedState failure={failure} onRetry={again} />;
  const { upstreams_now: asked } = value.answers;
  return (
    <div class={styles['tab']}>
      <VerdictList verdicts={verdictsOf(value.house)} />
      <Tiles reading={value} />
      <section class={styles['part']} aria-label={texts.upstreams}>
        <header class={styles['head']}>
          <h2>{texts.upstreams}</h2>
          <ShowSql of={texts.upstreams} sql={asked.result.sql} question={asked.question.name} />
        </header>
        {value.house.upstreams.length === 0 ? (
          <EmptyState title={texts.noUpstreams} text={texts.noUpstreamsText}>
            <ButtonLink kind="primary" href={pagePath('operation', 'upstreams')}>
              {texts.addUpstream}
            </ButtonLink>
          </EmptyState>
        ) : (
          <UpstreamStates upstreams={value.house.upstreams} />
        )}
      </section>
      <QuestionPanel
        name="throughput"
        title={texts.lastHour}
        reads="hour"
        parameters={() => ({ from: new Date(Date.now() - HOUR_MS).toISOString() })}
        everyMs={CHART_MS}
      />
      <p class={styles['note']}>{texts.updated(formatTime(readAt.current.at))}</p>
    </div>
  );
}

function Places(): VNode {
  return (
    <div class={styles['tab']} aria-busy="true">
      <Skeleton height="48px" />
      <Skeleton height="112px" />
      <Skeleton height="160px" />
      <Skeleton height="240px" />
    </div>
  );
}
