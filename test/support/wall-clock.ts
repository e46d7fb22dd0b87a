const RealDate = Date;

/**
 * Sets the wall clock of this process, as NTP or a person sets a machine's: whatever asks for the time gets it shifted,
 * while timers and the monotonic clock go on as if nothing was. 0 sets it right again.
 */
export function setWallClock(byMs: number): void {
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given: [], made) =>
      (given.length === 0 ? new target(target.now() + byMs) : Reflect.construct(target, given, made)) as object,
    get: (target, name) => (name === 'now' ? () => target.now() + byMs : (Reflect.get(target, name) as unknown)),
  });
}
