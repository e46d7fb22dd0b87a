import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { gatewayUrl } from '../../../api/gateway-url.ts';
import { CodeBlock } from '../../../components/code-block.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import { strings } from '../strings.ts';
import styles from './request-panel.module.css';
import { shortened, twinOf, type TwinName } from './request-twins.ts';
import type { SubmitBody } from './submit-body.ts';

/** The request that the button sends, for programs: to read here, and to copy whole. */
export function RequestPanel({
  path,
  body,
  idempotencyKey,
}: {
  path: string;
  body: SubmitBody;
  idempotencyKey: string;
}): VNode {
  const texts = strings.value.request;
  const chosen = useSignal<TwinName>('curl');
  const parts = { url: gatewayUrl(path), body, idempotencyKey };
  const name = chosen.value;
  return (
    <section class={styles['panel']} aria-labelledby="request-title">
      <h2 id="request-title">{texts.title}</h2>
      <p class={styles['text']}>{texts.text}</p>
      <Tabs
        label={texts.languages}
        tabs={[
          { name: 'curl', label: 'curl' },
          { name: 'javascript', label: 'JavaScript' },
          { name: 'python', label: 'Python' },
          { name: 'json', label: 'JSON' },
        ]}
        chosen={name}
        onChoose={(next) => (chosen.value = next)}
      >
        <div class={styles['code']}>
          <CodeBlock
            label={texts.code}
            text={twinOf(name, { ...parts, body: shortened(body) })}
            copied={() => twinOf(name, parts)}
          />
        </div>
      </Tabs>
    </section>
  );
}
