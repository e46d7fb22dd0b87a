import type { VNode } from 'preact';
import { strings } from '../../app/strings.ts';
import { PageHead } from '../../components/page-head.tsx';

/** See docs/studio.md. */
export function GalleryPage(): VNode {
  return <PageHead title={strings.value.pages.gallery} />;
}
