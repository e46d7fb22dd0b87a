import { UsageProbe } from './usage-probe.js';

type Offers = Record<string, (value: never) => unknown>;

interface Ask {
  type: 'ask';
  number: number;
  what: string;
  value: never;
}

/** What the parent gave this process to begin with. */
export function settingsOf<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T;
}

/** Has the parent's `ask` call what is offered here by name, besides what the process uses from `begin` to `end`. */
export function offer(given: Offers): void {
  const probe = new UsageProbe();
  const offers: Offers = {
    ...given,
    begin: (isQuiet: boolean | null) => probe.begin(isQuiet === true),
    end: () => probe.end(),
  };
  process.on('message', (message: Ask) => {
    if (message.type !== 'ask') return;
    const { number, what, value } = message;
    Promise.resolve()
      .then(() => offers[what]?.(value))
      .then((answer) => process.send?.({ type: 'answer', number, value: answer }))
      .catch((error: unknown) => process.send?.({ type: 'answer', number, error: String(error) }));
  });
}

/** Tells the parent that this process serves, and ends it when it is asked to or the parent is gone. */
export function serve(url: string): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => process.exit(0));
  process.send?.({ type: 'listening', url });
}
