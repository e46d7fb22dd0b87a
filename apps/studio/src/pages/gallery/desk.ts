import type { Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { GalleryFeed } from './store/gallery-feed.ts';

/** What every part of the gallery works with. */
export interface GalleryDesk {
  feed: GalleryFeed;
  /** Id of the task whose window is open; null: none. */
  window: Signal<string | null>;
  /** What is looked at in full, by the number of its picture from 1, or 0 for all of a grid; null: nothing. */
  viewer: Signal<{ id: string; at: number } | null>;
}

export const GalleryDeskContext = createContext<GalleryDesk | null>(null);

/** @throws outside of the gallery */
export function useDesk(): GalleryDesk {
  const desk = useContext(GalleryDeskContext);
  if (desk === null) throw new Error('there is no gallery around this component');
  return desk;
}
