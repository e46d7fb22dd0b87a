import { useLocation, useRoute } from 'preact-iso';
import type { VNode } from 'preact';
import { pagePath } from '../../app/pages.ts';
import { PageHead } from '../../components/page-head.tsx';
import { Tabs } from '../../components/tabs.tsx';
import styles from './operation-page.module.css';
import { isPart, Part, PARTS } from './part.tsx';
import { strings } from './strings.ts';

/** How the gateway does, and everything that its operator can change. Each part has an address of its own. */
export function OperationPage(): VNode {
  const { route } = useLocation();
  const named = useRoute().params['part'] ?? '';
  const part = isPart(named) ? named : 'now';
  const { title, tabs, parts } = strings.value;
  return (
    <div class={styles['page']}>
      <PageHead title={title} />
      <Tabs
        label={tabs}
        tabs={PARTS.map((name) => ({ name, label: parts[name] }))}
        chosen={part}
        onChoose={(name) => route(pagePath('operation', name === 'now' ? '' : name))}
      >
        <Part name={part} />
      </Tabs>
    </div>
  );
}
