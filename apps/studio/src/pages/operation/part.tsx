import type { VNode } from 'preact';
import { useResource } from '../../api/resource.ts';
import { Skeleton } from '../../components/states.tsx';
import { NowTab } from './now/now-tab.tsx';
import { strings } from './strings.ts';

type Component = () => VNode;

/** Parts that are loaded when they are opened first. */
const LOADED = {
  history: () => import('./history/history-tab.tsx').then((module) => module.HistoryTab),
  upstreams: () => import('./upstreams/upstreams-tab.tsx').then((module) => module.UpstreamsTab),
  keys: () => import('./keys/keys-tab.tsx').then((module) => module.KeysTab),
  prices: () => import('./prices/prices-tab.tsx').then((module) => module.PricesTab),
  receivers: () => import('./receivers/receivers-tab.tsx').then((module) => module.ReceiversTab),
  sessions: () => import('./sessions/sessions-tab.tsx').then((module) => module.SessionsTab),
} satisfies Record<string, () => Promise<Component>>;

type LoadedName = keyof typeof LOADED;
export type PartName = 'now' | LoadedName;
export const PARTS: readonly PartName[] = ['now', ...(Object.keys(LOADED) as LoadedName[])];

export function isPart(name: string): name is PartName {
  return PARTS.some((part) => part === name);
}

/** A part of the page by its name. */
export function Part({ name }: { name: PartName }): VNode {
  return name === 'now' ? <NowTab /> : <LoadedPart key={name} name={name} />;
}

function LoadedPart({ name }: { name: LoadedName }): VNode {
  const [loaded] = useResource(name, async () => ({ Shown: await LOADED[name]() }));
  const { value } = loaded.value;
  if (value !== null) return <value.Shown />;
  return (
    <div aria-busy="true" aria-label={strings.value.loading} role="status">
      <Skeleton height="240px" />
    </div>
  );
}
