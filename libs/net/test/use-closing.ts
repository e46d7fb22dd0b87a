interface Closable {
  close(): Promise<void>;
}

/** Closes what a test opens: each thing that is passed through the function, after the test, the last one first. */
export function useClosing(): <T extends Closable>(thing: T) => T {
  const open: Closable[] = [];
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close();
  });
  return (thing) => {
    open.push(thing);
    return thing;
  };
}
