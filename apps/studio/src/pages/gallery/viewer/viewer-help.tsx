import type { VNode } from 'preact';
import { Dialog } from '../../../components/dialog.tsx';
import { strings } from './strings.ts';
import styles from './viewer.module.css';

/** The viewer's keys. */
export function ViewerHelp({ onClose }: { onClose: () => void }): VNode {
  const { keys, keyList } = strings.value;
  return (
    <Dialog title={keys} onClose={onClose}>
      <dl class={styles['keys']}>
        {Object.entries(keyList).map(([name, text]) => {
          const [key = '', what = ''] = text.split('|');
          return (
            <div key={name}>
              <dt>
                {key.split(' ').map((part) => (
                  <kbd key={part}>{part}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          );
        })}
      </dl>
    </Dialog>
  );
}
