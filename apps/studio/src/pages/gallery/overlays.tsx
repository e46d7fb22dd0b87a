import { useComputed, useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { ComponentType, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { asFailure } from '../../api/failure.ts';
import { pagePath } from '../../app/pages.ts';
import { bring } from './actions/task-actions.ts';
import { toastFailure } from '../../components/toasts.tsx';
import { useDesk } from './desk.ts';
import { pictureInAddress } from './viewer/picture-address.ts';

type WindowProps = Parameters<typeof import('./windows/task-window.tsx').TaskWindow>[0];
type ViewerProps = Parameters<typeof import('./viewer/picture-viewer.tsx').PictureViewer>[0];

/** A component that is loaded when it is first needed. The router's own lazy() would take the whole page away meanwhile. */
function loaded<Props extends { onClose: () => void }>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => VNode | null {
  let known: ComponentType<Props> | null = null;
  return function Loaded(props: Props): VNode | null {
    const isThere = useSignal(known !== null);
    useEffect(() => {
      if (known !== null) return;
      let isWanted = true;
      load().then(
        (component) => {
          known = component;
          if (isWanted) isThere.value = true;
        },
        (error: unknown) => {
          toastFailure(asFailure(error));
          if (isWanted) props.onClose();
        },
      );
      return () => void (isWanted = false);
    }, []);
    const Component = known;
    return isThere.value && Component !== null ? <Component {...props} /> : null;
  };
}

const TaskWindow = loaded<WindowProps>(async () => (await import('./windows/task-window.tsx')).TaskWindow);
const PictureViewer = loaded<ViewerProps>(async () => (await import('./viewer/picture-viewer.tsx')).PictureViewer);

/** The window or the full view that is open over the gallery. */
export function Overlays(): VNode | null {
  const desk = useDesk();
  const { route } = useLocation();
  const waiting = useComputed(() =>
    desk.window.value === null ? null : desk.feed.store.get(desk.window.value)?.value,
  );
  const viewed = useComputed(() =>
    desk.viewer.value === null ? null : desk.feed.store.get(desk.viewer.value.id)?.value,
  );
  useEffect(() => {
    const shown = pictureInAddress();
    if (shown === null) return;
    const open = async (): Promise<void> => {
      const [task] = await bring(desk, [shown.id]);
      if (task !== undefined) desk.viewer.value = shown;
    };
    // Without an answer the gallery is there as it is.
    open().catch(() => undefined);
  }, []);
  const closeWindow = (): void => void (desk.window.value = null);
  const closeViewer = (): void => void (desk.viewer.value = null);
  const confirmed = (id: string): void => {
    closeWindow();
    void bring(desk, [id]).catch(() => undefined);
  };
  const open = (id: string): void => {
    closeViewer();
    route(pagePath('gallery', id));
  };
  if (waiting.value) return <TaskWindow task={waiting.value} onClose={closeWindow} onConfirmed={confirmed} />;
  if (viewed.value && desk.viewer.value !== null) {
    return <PictureViewer task={viewed.value} at={desk.viewer.value.at} onClose={closeViewer} onOpen={open} />;
  }
  return null;
}
