import type { VNode } from 'preact';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import styles from '../operation-page.module.css';
import { strings } from './strings.ts';

/** Secrets that are shown once; they are nowhere but in this dialog, and gone when it is closed. */
export function SecretsDialog({
  secrets,
  onKept,
}: {
  secrets: { key?: string; webhookSecret: string };
  onKept: () => void;
}): VNode {
  const texts = strings.value;
  // Neither Escape nor a click beside it closes it: what it shows could not be shown again.
  const stay = (): void => undefined;
  return (
    <Dialog
      title={texts.made}
      onClose={stay}
      actions={
        <Button kind="primary" onClick={onKept}>
          {texts.kept}
        </Button>
      }
    >
      <div class={styles['form']}>
        <p>{texts.madeText}</p>
        {secrets.key !== undefined && (
          <div class={styles['secret']}>
            <h3>{texts.theKey}</h3>
            <CodeBlock text={secrets.key} label={texts.theKey} />
          </div>
        )}
        <div class={styles['secret']}>
          <h3>{texts.theSecret}</h3>
          <CodeBlock text={secrets.webhookSecret} label={texts.theSecret} />
          <p class={styles['note']}>{texts.theSecretHint}</p>
        </div>
      </div>
    </Dialog>
  );
}
