/** Stands for what is only there once the tests have begun: reads, writes and calls go to that. */
export function standIn<T extends object>(what: string, there: () => T | undefined): T {
  const target = (): T => {
    const found = there();
    if (found === undefined) throw new Error(`there is no ${what} before the first test`);
    return found;
  };
  return new Proxy({} as T, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target(), name, target());
      return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target()) : value;
    },
    set: (_, name, value) => Reflect.set(target(), name, value, target()),
  });
}
