import { CircleAlert, TriangleAlert, Wand } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { strings } from '../strings.ts';
import type { Finding } from './finding.ts';
import styles from './finding-list.module.css';
import { ruleText } from './rule-text.ts';

/** Everything that is wrong with a prompt, in words, each with its fix where there is one. */
export function FindingList({
  id,
  prompt,
  findings,
  active,
  onPoint,
  onFix,
}: {
  id: string;
  prompt: string;
  findings: readonly Finding[];
  active: number;
  onPoint: (finding: number) => void;
  onFix: (finding: number) => void;
}): VNode {
  const texts = strings.value.prompt;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (active >= 0) list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div id={id} aria-live="polite" class={styles['place']}>
      {findings.length > 0 && (
        <ul ref={list} class={styles['list']} aria-label={texts.findings}>
          {findings.map((finding, number) => {
            const place = finding.rule === 'several_jobs' ? '' : prompt.slice(finding.start, finding.end).trim();
            return (
              <li
                key={`${finding.rule} ${finding.start}`}
                class={`${styles['finding']} ${styles[finding.severity]} ${number === active ? styles['active'] : ''}`}
                onMouseEnter={() => onPoint(number)}
              >
                <Icon node={finding.severity === 'error' ? CircleAlert : TriangleAlert} size={16} />
                <p>
                  {place !== '' && <code>{place}</code>}
                  <span>{ruleText(finding)}</span>
                </p>
                {finding.fix !== null && (
                  <Button isSmall data-fix icon={Wand} onFocus={() => onPoint(number)} onClick={() => onFix(number)}>
                    {finding.fix.trim() === '' ? texts.remove : texts.fix}
                    <span class="visually-hidden">: {ruleText(finding)}</span>
                    {finding.fix.trim() !== '' && <code class={styles['fix']}>{finding.fix.trim()}</code>}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
