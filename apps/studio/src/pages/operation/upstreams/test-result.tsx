import type { VNode } from 'preact';
import { formatNumber } from '../../../i18n/format.ts';
import { errorWords } from '../error-words.ts';
import styles from '../operation-page.module.css';
import { strings } from './strings.ts';
import type { UpstreamTest } from './upstream-draft.ts';

/** What a test of an upstream found, in words. */
export function TestResult({ test }: { test: UpstreamTest }): VNode {
  const texts = strings.value;
  const said = [
    test.ok ? texts.testGood(formatNumber(test.latencyMs)) : texts.testBad(errorWords(test.error ?? 'unreadable')),
    test.redirectsTo === undefined ? '' : texts.redirects(test.redirectsTo),
    test.credit === undefined ? '' : texts.credit(test.credit),
    texts.links[test.links],
    test.linksReason === undefined ? '' : texts.linksReasons[test.linksReason],
  ];
  return (
    <p class={test.ok ? styles['good'] : styles['refused']} role="status">
      {said.filter((text) => text !== '').join(' ')}
    </p>
  );
}
