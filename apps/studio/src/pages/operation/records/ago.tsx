import type { VNode } from 'preact';
import { formatAge, formatTime } from '../../../i18n/format.ts';

/** How long ago something was, with the exact time when it is pointed at. @param at ISO 8601; null: a dash */
export function Ago({ at }: { at: string | null }): VNode {
  if (at === null) return <span class="soft">–</span>;
  return (
    <time dateTime={at} title={formatTime(at)}>
      {formatAge(at)}
    </time>
  );
}
