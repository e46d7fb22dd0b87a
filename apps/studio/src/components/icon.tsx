import type { IconNode } from 'lucide';
import { h, type VNode } from 'preact';

/**
 * An icon of the lucide set. It is hidden from screen readers: the control that holds it has a name of its own.
 *
 * @param size px a side
 */
export function Icon({ node, size = 18 }: { node: IconNode; size?: number }): VNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {node.map(([tag, attributes], index) => h(tag, { ...attributes, key: index }))}
    </svg>
  );
}
