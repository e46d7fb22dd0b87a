import type { VNode } from 'preact';
import { strings } from '../../app/strings.ts';
import { PageHead } from '../../components/page-head.tsx';

/** See docs/studio.md. */
export function OperationPage(): VNode {
  return <PageHead title={strings.value.pages.operation} />;
}
