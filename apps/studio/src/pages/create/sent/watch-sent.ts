import { effect } from '@preact/signals';
import { call, type Task } from '../../../api/client.ts';
import { gatewayUrl } from '../../../api/gateway-url.ts';
import { dismissSent, isFinished, noteTask, sentTasks } from './sent-tasks.ts';

/** Between two looks while there is no stream, ms. */
const LOOK_MS = 2_000;
/** A stream that failed is opened again after this many looks. */
const LOOKS_BEFORE_STREAM = 5;

/**
 * Keeps what was sent up to date until it is finished: by one stream for all of it, and by looking now and then while the stream
 * cannot be had. @returns ends it
 */
export function watchSent(): () => void {
  let stream: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watched = '';
  let isOver = false;

  const close = (): void => {
    stream?.close();
    stream = null;
    clearTimeout(timer);
  };
  const open = (): void => {
    close();
    if (watched === '') return;
    stream = new EventSource(gatewayUrl(`/mj/task/events?ids=${watched}`));
    stream.onmessage = ({ data }: MessageEvent<string>) => noteTask(JSON.parse(data) as Task);
    stream.onerror = () => {
      // The browser opens a stream that broke again by itself, but not one that was refused.
      if (stream?.readyState !== EventSource.CLOSED) return;
      close();
      void look(1);
    };
  };
  const look = async (turn: number): Promise<void> => {
    const asked = watched;
    const body = { ids: asked.split(',') };
    const tasks = await call<Task[]>('POST', '/mj/task/list-by-condition', { body }).catch(() => null);
    if (isOver || asked !== watched) return;
    if (tasks !== null) {
      tasks.forEach(noteTask);
      // Tasks of another key, or deleted ones.
      body.ids.filter((id) => !tasks.some((task) => task.id === id)).forEach(dismissSent);
      if (asked !== watched) return;
    }
    timer = setTimeout(() => (turn >= LOOKS_BEFORE_STREAM ? open() : void look(turn + 1)), LOOK_MS);
  };
  const stop = effect(() => {
    const unfinished = sentTasks.value.filter(({ task }) => task === null || !isFinished(task)).map(({ id }) => id);
    const now = unfinished.join(',');
    if (now === watched) return;
    watched = now;
    open();
  });
  return () => {
    isOver = true;
    stop();
    close();
  };
}
